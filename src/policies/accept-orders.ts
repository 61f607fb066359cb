// Brings mails to the outbox. What was accepted or sent before is known there, so that this may be done again any time.
import { setImmediate } from 'node:timers/promises';
import type { AcceptResult } from '../mail/outbox/outbox.ts';
import { type MadeMessage, type MailOrder, makeMessage } from './make-message.ts';
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
  const problems: string[] = [];
  for (const some of inBatches(orders)) {
    const made: MadeMessage[] = [];
    for (const order of some) {
      made.push(await makeMessage(order, scene, clock.now()));
      // A template may take its time: connections and leases must not wait for all of them.
      await setImmediate();
    }
    problems.push(...made.flatMap((one) => (one.kind === 'invalid' ? [one.problem] : [])));
    const messages = made.flatMap((one) => (one.kind === 'made' ? [one.message] : []));
    const results = await Promise.all(messages.map((message) => outbox.accept(message)));
    const refused = results.find(isRefusal);
    if (refused) return { kind: 'stopped', message: refused.message };
  }
  return { kind: 'accepted', problems };
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
