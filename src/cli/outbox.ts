// `relaykeeper outbox list|show|retry|drop`: what is on its way, beside an operator that may be running.
import type { OutboxEntry } from '../mail/outbox/outbox.ts';
import { exitCodes, type Io } from './io.ts';
import { type OutboxAccess, type OutboxChange, openOutboxAccess } from './outbox-access.ts';
import type { OutboxFlags } from './outbox-command.ts';
import { entryJson, entryText, outboxTable, type Showing } from './outbox-text.ts';
import { recordDrop } from './record-drop.ts';
import { createToldProblems } from './told-problems.ts';

export async function listOutbox(flags: OutboxFlags, io: Io): Promise<number> {
  return withOutbox(flags, io, async (outbox) => {
    const entries = (await outbox.list()).filter(inNamespace(flags)).sort((a, b) => a.acceptedAt - b.acceptedAt);
    const showing = showingOf(flags);
    if (flags.output === 'json')
      writeJson(
        io,
        entries.map((entry) => entryJson(entry, showing)),
      );
    else io.stdout.write(entries.length === 0 ? 'The outbox is empty.\n' : outboxTable(entries, showing));
    return exitCodes.succeeded;
  });
}

export async function showMessage(id: string, flags: OutboxFlags, io: Io): Promise<number> {
  return withOne(id, { flags, io }, async (entry, outbox) => {
    const body = await bodyOf(entry, outbox, flags);
    if (flags.output === 'json') {
      writeJson(io, { ...entryJson(entry, showingOf(flags)), body: body.kind === 'shown' ? body.text : null });
    } else {
      io.stdout.write(entryText(entry, showingOf(flags)));
      io.stdout.write(
        body.kind === 'shown' ? `\n${body.text.replaceAll('\r\n', '\n')}` : `${'Body:'.padEnd(12)}${body.why}\n`,
      );
    }
    return exitCodes.succeeded;
  });
}

export interface Change {
  readonly id: string;
  readonly kind: OutboxChange;
}

export async function changeMessage({ id, kind }: Change, flags: OutboxFlags, io: Io): Promise<number> {
  return withOne(id, { flags, io }, async (entry, outbox) => {
    if (kind === 'retry' && (await outbox.read(entry.id)) === undefined) {
      return refuse(io, `Message ${entry.id} cannot be tried again: its body is gone, as it held a password.`);
    }
    const { reason = '' } = flags;
    const result = await outbox.change(entry.id, kind, reason);
    if (result.kind === 'failed') return refuse(io, result.message);
    if (kind === 'drop' && result.kind === 'done') await recordDrop(entry, reason, { flags, io });
    const outcome = kind === 'retry' ? retried[result.kind] : 'was dropped';
    if (flags.output === 'json') writeJson(io, { id: entry.id, outcome: kind === 'retry' ? 'Retried' : 'Dropped' });
    else io.stdout.write(`Message ${entry.id} ${outcome}.\n`);
    return exitCodes.succeeded;
  });
}

const retried = {
  doneByOperator: 'is tried now',
  // Nobody answered for an operator.
  done: 'is tried at once where an operator runs, else as soon as one does',
} as const;

interface Call {
  readonly flags: OutboxFlags;
  readonly io: Io;
}

async function withOutbox(flags: OutboxFlags, io: Io, act: (outbox: OutboxAccess) => Promise<number>): Promise<number> {
  const problems = createToldProblems();
  const outbox = await openOutboxAccess(flags, { io, problems });
  try {
    return await act(outbox);
  } finally {
    problems.tell(io);
    await outbox.close();
  }
}

async function withOne(
  id: string,
  { flags, io }: Call,
  act: (entry: OutboxEntry, outbox: OutboxAccess) => Promise<number>,
): Promise<number> {
  return withOutbox(flags, io, async (outbox) => {
    const found = (await outbox.list()).filter((entry) => entry.id.startsWith(id)).filter(inNamespace(flags));
    const [entry] = found;
    if (!entry) return refuse(io, `There is no message ${id} in the outbox; it was sent or dropped, or never there.`);
    if (found.length > 1)
      return refuse(io, `${found.length} messages have an id that begins with ${id}; give more of it.`);
    return act(entry, outbox);
  });
}

type Body = { readonly kind: 'shown'; readonly text: string } | { readonly kind: 'hidden'; readonly why: string };

async function bodyOf(
  { id, confidential, state }: OutboxEntry,
  outbox: OutboxAccess,
  flags: OutboxFlags,
): Promise<Body> {
  if (confidential && state === 'Dead') return { kind: 'hidden', why: 'gone, as it held a password and is dead' };
  if (!flags.body) return { kind: 'hidden', why: 'redacted; --body shows it' };
  if (confidential && !flags.showConfidential) {
    return { kind: 'hidden', why: 'redacted, as it holds a password; --body --show-confidential shows it' };
  }
  const raw = await outbox.read(id);
  return raw ? { kind: 'shown', text: raw.toString('utf8') } : { kind: 'hidden', why: 'gone' };
}

function inNamespace({ namespace }: OutboxFlags): (entry: OutboxEntry) => boolean {
  return ({ identity }) => namespace === undefined || identity.policy.namespace === namespace;
}

function showingOf({ showAddresses = false }: OutboxFlags): Showing {
  return { now: Date.now(), showAddresses };
}

function refuse({ stderr }: Io, message: string): number {
  stderr.write(`error: ${message}\n`);
  return exitCodes.failed;
}

function writeJson({ stdout }: Io, value: unknown): void {
  stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
