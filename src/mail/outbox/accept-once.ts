// Takes a message in, once, and no more than the outbox may hold: what engines share of accepting.
import type { Ledger } from '../ledger.ts';
import type { AcceptResult, Outbox, OutboxMessage } from './outbox.ts';

export interface AcceptOptions {
  readonly ledger: Ledger;
  readonly maxMessages: number;
  /** Those that the engine holds; the dead among them wait for nobody, and do not count. */
  readonly index: { readonly size: number; readonly dead: { readonly size: number }; get(id: string): unknown };
  /** Durable before it resolves as accepted. */
  readonly store: (message: OutboxMessage) => Promise<AcceptResult>;
}

export function createAcceptOnce({ ledger, maxMessages, index, store }: AcceptOptions): Outbox['accept'] {
  const underWay = new Map<string, Promise<AcceptResult>>();
  return async (message) => {
    const { id } = message;
    if (ledger.has(id) || index.get(id)) return { kind: 'known' };
    const first = underWay.get(id);
    if (first) return asSecond(await first);
    if (index.size - index.dead.size + underWay.size >= maxMessages) return full(maxMessages);
    const accepted = store(message);
    underWay.set(id, accepted);
    try {
      return await accepted;
    } finally {
      underWay.delete(id);
    }
  };
}

/** Who asks while another's is under way may rely on that one, where it arrives. */
function asSecond(first: AcceptResult): AcceptResult {
  return first.kind === 'accepted' ? { kind: 'known' } : first;
}

function full(maxMessages: number): AcceptResult {
  return { kind: 'full', message: `The outbox holds ${maxMessages} messages, the most that it may.` };
}
