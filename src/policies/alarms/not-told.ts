// Alarms that were accepted and make no mail are listed with why: in the log, and as an Event on their policy. What comes
// together is summed up, and no round waits for an Event: a thousand requests to a rule that is gone are no reason to be late.
import { type Key, keyText } from '../../api/resource.ts';
import type { AlarmTools } from './alarm-tools.ts';

export interface NotTold {
  readonly policy: Key;
  readonly rule: string;
  readonly what: { readonly count: number; readonly of: 'alarm' | 'mail' } | 'Recipients';
  /** The rest of the sentence. */
  readonly why: string;
}

export interface NotToldList {
  add(notTold: NotTold): void;
  /** Tells of all that was added since. */
  tell(): void;
  /** What was added comes again, here or elsewhere. */
  drop(): void;
  /** Resolves once all that was told is recorded. */
  settled(): Promise<void>;
}

export function createNotToldList({ store, log }: Pick<AlarmTools, 'store' | 'log'>): NotToldList {
  const added = new Map<string, NotTold>();
  let recorded = Promise.resolve();

  async function record(policy: Key, note: string): Promise<void> {
    const regarding = store.getPolicy(policy);
    const event = { type: 'Warning', reason: 'AlarmsNotTold', action: 'TellAlarms', note } as const;
    if (regarding) await store.recordPolicyEvent({ regarding, ...event });
  }

  return {
    add(notTold) {
      const { policy, rule, what, why } = notTold;
      const id = JSON.stringify([keyText(policy), rule, what === 'Recipients' ? what : what.of, why]);
      added.set(id, sum(added.get(id), notTold));
    },
    tell() {
      for (const { policy, rule, what, why } of added.values()) {
        const note = `${whatText(what)} of rule "${rule}" ${why}`;
        log.warn({ policy: keyText(policy), rule }, note);
        recorded = recorded
          .then(() => record(policy, note))
          .catch((error: unknown) => {
            const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
            log.error({ policy: keyText(policy), rule, error: text }, 'a bug kept an Event from being recorded');
          });
      }
      added.clear();
    },
    drop: () => added.clear(),
    settled: () => recorded,
  };
}

function sum(before: NotTold | undefined, next: NotTold): NotTold {
  if (!before || before.what === 'Recipients' || next.what === 'Recipients') return next;
  return { ...next, what: { ...next.what, count: before.what.count + next.what.count } };
}

function whatText(what: NotTold['what']): string {
  if (what === 'Recipients') return what;
  return what.count === 1 ? `1 ${what.of}` : `${what.count} ${what.of}s`;
}
