// Brings mails to the outbox. What was accepted or sent before is known there, so that this may be done again any time.
import { setImmediate } from 'node:timers/promises';
import type { AcceptResult } from '../mail/outbox/outbox.ts';
import type { MailOrder } from './make-message.ts';
import type { PolicyDeps } from './policy-deps.ts';
import type { PolicyScene } from './read-policy.ts';

export type Acceptance =
  /** All that could be made are in the outbox; the problems are clauses about the others. */
  | { readonly kind: 'accepted'; readonly problems: readonly string[] }
  /** The outbox takes no more now: a sentence. What is left is to be tried again. */
  | { readonly kind: 'stopped'; readonly message: string };

export async function acceptOrders(
  orders: Iterable<MailOrder>,
  scene: PolicyScene,
  { outbox, clock }: Pick<PolicyDeps, 'outbox' | 'clock'>,
): Promise<Acceptance> {
  // What makes a MIME message is loaded with the first: an installation that only watches relays does without.
  const { makeMessage } = await import('./make-message.ts');
  const problems: string[] = [];
  for (const some of inBatches(orders)) {
    const accepting: Promise<AcceptResult>[] = [];
    for (const order of some) {
      const made = await makeMessage(order, scene, clock.now());
      // The first are on their way to the disk, and to their relay, while the others are made.
      if (made.kind === 'made') accepting.push(awaitedLater(outbox.accept(made.message)));
      else problems.push(made.problem);
      // A template may take its time: connections and leases must not wait for all of them.
      await setImmediate();
    }
    const results = await Promise.all(accepting);
    const refused = results.find(isRefusal);
    if (refused) return { kind: 'stopped', message: refused.message };
  }
  return { kind: 'accepted', problems };
}

/** Until then a rejection counts as handled; it reaches whoever awaits. */
function awaitedLater<Value>(promise: Promise<Value>): Promise<Value> {
  promise.catch(() => undefined);
  return promise;
}

/** Made and written together: more would be held in memory for nothing. */
const atOnce = 256;

function* inBatches(orders: Iterable<MailOrder>): Generator<readonly MailOrder[]> {
  let batch: MailOrder[] = [];
  for (const order of orders) {
    batch.push(order);
    if (batch.length < atOnce) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function isRefusal(result: AcceptResult): result is AcceptResult & { kind: 'full' | 'unavailable' } {
  return result.kind === 'full' || result.kind === 'unavailable';
}
