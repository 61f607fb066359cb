import { describe, expect, test } from 'vitest';
import type { SmtpRelay } from '../../src/api/smtp-relay.ts';
import { decide, type Facts, type LastProbe, recalledProbe } from '../../src/relays/decide.ts';
import { failed, lawful, probed, spec, succeeded } from './statuses.ts';

const relay: SmtpRelay = {
  apiVersion: 'relaykeeper.dev/v1alpha1',
  kind: 'SmtpRelay',
  metadata: { name: 'r', namespace: 'mail' },
  spec,
};
const violation = { reason: 'SecretNotFound', fieldPath: 'spec.auth.secretRef.name', message: 'missing' } as const;
const login = { kind: 'Secret', name: 'login', resourceVersion: '7' };
const lastProbe: LastProbe = {
  generation: 1,
  references: [login],
  report: succeeded,
  consecutiveFailures: 0,
  endedAt: 500,
  dueAt: 5_000,
};
const quiet: Facts = {
  now: 1_000,
  generation: 1,
  spec: { kind: 'valid', relay },
  references: { kind: 'resolved', versions: [login] },
  lastProbe,
  openRequest: undefined,
};

describe('decide', () => {
  test.each<[string, Partial<Facts>, object]>([
    ['waits until the next probe is due', {}, { kind: 'wait', milliseconds: 4_000 }],
    ['probes when it is due', { now: 5_000 }, { kind: 'probe', cause: 'Due' }],
    ['probes when the clock was set back since', { now: 400 }, { kind: 'probe', cause: 'Due' }],
    ['probes a relay never probed', { lastProbe: undefined }, { kind: 'probe', cause: 'New' }],
    ['probes an edited spec at once', { generation: 2 }, { kind: 'probe', cause: 'New' }],
    [
      'probes with a rotated Secret at once',
      { references: { kind: 'resolved', versions: [{ ...login, resourceVersion: '8' }] } },
      { kind: 'probe', cause: 'Changed' },
    ],
    ['probes on request', { openRequest: 'token' }, { kind: 'probe', cause: 'Requested' }],
    [
      'rejects a spec that cannot be used, before anything else',
      { spec: { kind: 'invalid', violation }, openRequest: 't' },
      { kind: 'reject', violation },
    ],
    [
      'reports what is missing',
      { references: { kind: 'violation', violation } },
      { kind: 'reportUnresolved', violation },
    ],
    [
      'asks the store again when it cannot say',
      { references: { kind: 'unavailable', message: 'm' } },
      { kind: 'askAgain', message: 'm' },
    ],
    [
      'leaves a suspended relay alone',
      { spec: { kind: 'valid', relay: { ...relay, spec: { ...spec, suspend: true } } }, now: 9_000 },
      { kind: 'suspend' },
    ],
  ])('%s', (_, facts, plan) => {
    expect(decide({ ...quiet, ...facts })).toEqual(plan);
  });
});

describe('after a restart', () => {
  const status = lawful({ verdict: probed(succeeded, { references: [login] }) });
  const how = { relay, generation: 1, random: 0.5 };

  test('the last probe is recalled from status, and the next is due an interval later', () => {
    expect(recalledProbe(status, how)).toMatchObject({
      references: [login],
      endedAt: Date.parse(succeeded.time),
      dueAt: Date.parse(succeeded.time) + 300_000,
    });
  });

  test.each([
    ['no status', undefined, how],
    ['a status of an older spec', status, { ...how, generation: 2 }],
    [
      'a probe that was under way',
      lawful({ before: status, verdict: { kind: 'probing', effective: status.effective ?? {} } }),
      how,
    ],
    [
      'a Secret that was missing',
      lawful({ before: status, verdict: { kind: 'unresolved', violation, effective: {} } }),
      how,
    ],
  ])('%s is not taken for a probe', (_, found, given) => {
    expect(recalledProbe(found, given)).toBeUndefined();
  });

  test('failures in a row are counted on', () => {
    const bad = lawful({ verdict: probed(failed('Connect', 'ConnectionRefused'), { consecutiveFailures: 4 }) });
    expect(recalledProbe(bad, how)?.consecutiveFailures).toBe(4);
  });
});
