// Who writes what of an alarm rule's status, where one replica runs alarm rules and another one reminds.
import { describe, expect, test } from 'vitest';
import { brokenLaws } from '../../src/api/conditions.ts';
import type { NotificationPolicyStatus } from '../../src/api/notification-policy.ts';
import { parsePolicy } from '../../src/api/validate-policy.ts';
import { type AlarmFactsOf, alarmStatuses } from '../../src/policies/alarms/alarm-status.ts';
import { createTally } from '../../src/policies/tally.ts';
import { writePolicyStatus } from '../../src/policies/write-policy-status.ts';
import { policy } from './operating.ts';

const noon = Date.UTC(2026, 10, 24, 12);
const key = { namespace: 'mail', name: 'guests' };
const rule = {
  name: 'all',
  sources: { relays: true },
  groupWait: '30s',
  notify: { addresses: ['oncall@example.com'] },
};
const parsed = parsePolicy(policy({ alarms: [rule] }));

describe('of two replicas', () => {
  test('each says its part, and neither writes what the other said', async () => {
    const world = newWorld();
    const reminding = world.replica({ mayRemind: true, facts: undefined });
    const running = world.replica({ mayRemind: false, facts: { subjects: 3, groups: 2, held: 1, pending: 4 } });
    for (let turn = 0; turn < 3; turn += 1) {
      await reminding();
      await running();
    }
    expect(world.writes).toBe(2);
    expect(world.status()?.rules).toEqual([expect.objectContaining({ subjects: 3, groups: 2, held: 1, pending: 4 })]);
    expect(world.status()?.totals).toMatchObject({ pending: 4 });
    expect(brokenLaws(world.status() ?? {})).toEqual([]);
  });

  test('what a message said is gone once it holds no more', async () => {
    const world = newWorld();
    const facts = { subjects: 0, groups: 0, held: 0, pending: 0 };
    await world.replica({ mayRemind: true, facts: { ...facts, message: '1 group waits.' } })();
    expect(world.status()?.rules?.[0]?.message).toBe('1 group waits.');
    await world.replica({ mayRemind: false, facts })();
    expect(world.status()?.rules?.[0]).not.toHaveProperty('message');
  });

  test('one that runs no alarm rule and reminds nobody writes nothing', async () => {
    const world = newWorld();
    await world.replica({ mayRemind: true, facts: undefined })();
    await world.replica({ mayRemind: false, facts: undefined })();
    expect(world.writes).toBe(1);
  });
});

interface Replica {
  readonly mayRemind: boolean;
  readonly facts: ReturnType<AlarmFactsOf>;
}

function newWorld() {
  let status: NotificationPolicyStatus | undefined;
  let writes = 0;
  const metadata = { ...key, uid: 'u', generation: 1, resourceVersion: '1' };
  const stored = () => ({ metadata, manifest: {}, status });
  const deps = {
    store: {
      getPolicy: stored,
      recordPolicyEvent: async () => undefined,
      async writePolicyStatus(_: unknown, next: NotificationPolicyStatus) {
        status = next;
        writes += 1;
        return { kind: 'written' };
      },
    },
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    clock: { now: () => noon },
    identity: 'here',
  };
  const relay = { type: 'RelayReady', status: 'True', reason: 'RelayReady', message: 'Mail leaves' } as const;

  function replica({ mayRemind, facts }: Replica): () => Promise<boolean> {
    const memory = { tally: createTally(), writtenAt: 0 };
    const factsOf = () => facts;
    const spec = parsed.kind === 'valid' ? parsed.policy.spec : {};
    return () =>
      writePolicyStatus(
        {
          stored: stored(),
          // Of the memory only the tally is asked for.
          memory: memory as never,
          alarmFacts: facts && factsOf,
          verdict: (before, taken) => ({
            kind: 'running',
            relay,
            dryRun: false,
            rules: alarmStatuses(spec, { before, taken, identity: 'here', factsOf }),
            upcoming: [],
          }),
        },
        { ...deps, mayRemind: () => mayRemind } as never,
      );
  }

  return {
    replica,
    status: () => status,
    get writes() {
      return writes;
    },
  };
}
