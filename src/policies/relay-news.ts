// Whether a change of a relay matters to policies, and what waits for one that has come back.
import { type Key, keyText } from '../api/resource.ts';
import type { Attempt } from '../mail/outbox/outbox.ts';
import type { PolicyDeps } from './policy-deps.ts';

export interface RelayNews {
  isNew(key: Key): boolean;
}

/** Others come by themselves, as their waits end: a server that is back is not met by all at once. */
const mostAtOnce = 200;

export function createRelayNews({
  relays,
  outbox,
  clock,
  log,
  mayRemind,
}: Pick<PolicyDeps, 'relays' | 'outbox' | 'clock' | 'log' | 'mayRemind'>): RelayNews {
  const known = new Map<string, { readonly text: string; readonly ready: string | undefined }>();

  /** Those that could not reach it need not wait any longer. */
  async function retryWaiting(relay: string): Promise<void> {
    const waiting = (await outbox.list()).filter(
      ({ state, notBefore, lastAttempt }) =>
        state === 'Waiting' && notBefore > clock.now() && lastAttempt && couldNotReach(lastAttempt, relay),
    );
    for (const { id } of waiting.slice(0, mostAtOnce)) await outbox.retry(id);
  }

  return {
    isNew(key) {
      const id = keyText(key);
      const stored = relays.get(key);
      const ready = stored?.status?.conditions?.find(({ type }) => type === 'Ready');
      const certificate = stored?.status?.lastProbe?.tls?.notAfter;
      const text = JSON.stringify([
        stored?.metadata.uid,
        stored?.metadata.generation,
        ready?.status,
        ready?.reason,
        certificate,
      ]);
      const before = known.get(id);
      known.set(id, { text, ready: ready?.status });
      // One replica is enough.
      if (mayRemind() && before && before.ready !== 'True' && ready?.status === 'True') {
        retryWaiting(id).catch((error: unknown) =>
          log.error({ relay: id }, `what waits for the relay cannot be tried: ${error}`),
        );
      }
      return before?.text !== text;
    },
  };
}

/** What a server refused for now waits for its time: a reply begins with its code (RFC 5321 §4.2). */
function couldNotReach({ relay, reply }: Attempt, name: string): boolean {
  return keyText(relay) === name && !/^[2-5]\d\d(?: |$)/.test(reply);
}
