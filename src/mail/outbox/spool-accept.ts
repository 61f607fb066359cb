// Takes a message into the spool, once.
import { entryOf, factsOf, firstProgress } from './entry-text.ts';
import type { AcceptResult, Outbox, OutboxMessage } from './outbox.ts';
import { spoolFile } from './spool-file.ts';
import type { SpoolState } from './spool-state.ts';

export function createSpoolAccept(spool: SpoolState): Outbox['accept'] {
  /** On their way to the disk. */
  const accepting = new Map<string, Promise<AcceptResult>>();

  return async (message) => {
    const { id } = message;
    if (spool.ledger.has(id) || spool.index.get(id)) return { kind: 'known' };
    const before = accepting.get(id);
    if (before) return asSecond(await before);
    if (spool.index.size + accepting.size >= spool.maxMessages) return full(spool.maxMessages);
    const accepted = store(spool, message);
    accepting.set(id, accepted);
    const result = await accepted;
    accepting.delete(id);
    return result;
  };
}

async function store({ files, index, ready }: SpoolState, message: OutboxMessage): Promise<AcceptResult> {
  const facts = factsOf(message);
  const progress = firstProgress(message);
  const content = spoolFile({ facts, progress, revision: 1, raw: message.raw });
  const written = await files.write('waiting', message.id, content);
  if (written.kind === 'unavailable') return written;
  const extra = { lease: undefined, revision: 1, hasBody: true };
  index.put({ entry: entryOf(facts, progress), at: progress.notBefore, extra });
  ready.tell();
  return { kind: 'accepted' };
}

/** Who asked while another's was under way may rely on that one, where it arrived. */
function asSecond(first: AcceptResult): AcceptResult {
  return first.kind === 'accepted' ? { kind: 'known' } : first;
}

function full(maxMessages: number): AcceptResult {
  return { kind: 'full', message: `The outbox holds ${maxMessages} messages, the most that it may.` };
}
