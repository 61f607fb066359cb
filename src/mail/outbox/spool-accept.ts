// Puts a message into the spool.
import { entryOf, factsOf, firstProgress } from './entry-text.ts';
import type { AcceptResult, OutboxMessage } from './outbox.ts';
import { spoolFile } from './spool-file.ts';
import type { SpoolState } from './spool-state.ts';

export async function spoolMessage(spool: SpoolState, message: OutboxMessage): Promise<AcceptResult> {
  const { files, index, bodies, ready } = spool;
  const facts = factsOf(message);
  const progress = firstProgress(message);
  const content = spoolFile({ facts, progress, revision: 1, raw: message.raw });
  const written = await files.write('waiting', message.id, content);
  if (written.kind === 'unavailable') return written;
  const extra = { lease: undefined, revision: 1, hasBody: true };
  index.put({ entry: entryOf(facts, progress), at: progress.notBefore, extra });
  bodies.put(message.id, message.raw);
  ready.tell();
  return { kind: 'accepted' };
}
