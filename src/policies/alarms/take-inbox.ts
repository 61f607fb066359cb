// Takes what was answered with 202 from the inbox to the books of its rules. A record is removed once the journal has what
// it changed; its name stays there until it cannot come back, so that a crash in between applies nothing twice.
import { setImmediate } from 'node:timers/promises';
import { decodeRequest, type InboxRequest } from '../../alarms/intake/inbox-request.ts';
import { toAlarms } from '../../alarms/intake/to-alarms.ts';
import { keyText } from '../../api/resource.ts';
import type { InboxRecord } from '../../store/inbox.ts';
import { appliedKey, parkedKey, ruleKey } from './alarm-journal.ts';
import type { AlarmTerm } from './alarm-term.ts';
import type { AlarmTools } from './alarm-tools.ts';

/** Records of one round. */
const batch = 256;

/** Others may know of a policy, or of a rule of it, before this replica's watch tells of it. */
const knownBy = 60_000;
/** Those whose time is over within so long are looked at together, and listed in one. */
const together = 5_000;
/** For so long a watch may be late to tell of records that the one before has taken. */
const watchLag = 5 * 60_000;

/** How many were taken. */
export async function takeInbox(term: AlarmTerm, tools: AlarmTools): Promise<number> {
  const records = await tools.alarms.inbox.read(batch);
  forgetRemoved(term, records, tools);
  let taken = 0;
  for (const { name, body } of records) {
    if (!term.applied.has(name)) {
      if ((await take({ name, body }, { term, tools })) === 'waits') park(term, name, body.toString('utf8'));
      term.applied.add(name);
      term.unwritten.set(appliedKey(name), '');
      taken += 1;
      // Twenty thousand alarms take their time: connections and leases must not wait for all of them.
      await setImmediate();
    }
    // Not before: what could not be taken is tried again.
    term.toRemove.add(name);
  }
  return taken;
}

/** What waited for its policy to be readable, or its rule to be known. */
export async function takeParked(term: AlarmTerm, tools: AlarmTools): Promise<void> {
  term.parkedAt = Number.POSITIVE_INFINITY;
  for (const [name, text] of [...term.parked]) {
    if ((await take({ name, body: Buffer.from(text) }, { term, tools })) === 'waits') continue;
    term.parked.delete(name);
    term.unwritten.set(parkedKey(name), undefined);
  }
}

function park({ parked, unwritten }: AlarmTerm, name: string, text: string): void {
  parked.set(name, text);
  unwritten.set(parkedKey(name), text);
}

/** Once they are gone from the journal's point of view: after the write that has what they changed. */
export async function removeTaken(term: AlarmTerm, { alarms: { inbox } }: AlarmTools): Promise<void> {
  if (term.toRemove.size === 0) return;
  await inbox.remove([...term.toRemove]);
  term.toRemove.clear();
}

/** The inbox reads the oldest first, and removes together what was written together: older than all that is left, it is gone. */
function forgetRemoved(term: AlarmTerm, records: readonly InboxRecord[], { clock }: AlarmTools): void {
  const now = clock.monotonic();
  term.loadedAt ??= now;
  const isLate = now < term.loadedAt + watchLag;
  const oldest = records.map(({ name }) => name.split('/')[0] ?? '').sort()[0];
  for (const name of term.applied) {
    if (term.toRemove.has(name) || (oldest !== undefined && (name.split('/')[0] ?? '') >= oldest)) continue;
    if (isLate && term.loaded.has(name)) continue;
    term.applied.delete(name);
    term.unwritten.set(appliedKey(name), undefined);
  }
}

interface Taking {
  readonly term: AlarmTerm;
  readonly tools: AlarmTools;
}

async function take({ name, body }: InboxRecord, { term, tools }: Taking): Promise<'taken' | 'waits'> {
  const decoded = decodeRequest(body);
  if (decoded.kind === 'unreadable') {
    tools.log.error({ record: name }, `a request in the inbox cannot be read, and is left out: ${decoded.message}`);
    return 'taken';
  }
  const { request } = decoded;
  const policy = { namespace: request.namespace, name: request.policy };
  const running = term.rules.get(ruleKey({ policy, rule: request.alarm }));
  if (running) {
    const { rule, book } = running;
    book.receive(toAlarms(request.alarms, toAlarmsOptions(request, rule)), tools.clock.now());
    running.touched = true;
    return 'taken';
  }
  if (mayComeToRun(request, { term, tools })) return 'waits';
  const why = 'that came in before it was deleted make no mail.';
  tools.notTold.add({ policy, rule: request.alarm, what: { count: request.alarms.length, of: 'alarm' }, why });
  return 'taken';
}

function mayComeToRun(request: InboxRequest, { term, tools }: Taking): boolean {
  const policy = { namespace: request.namespace, name: request.policy };
  const spec = tools.specs(policy);
  if (spec === 'unreadable') {
    tools.log.warn({ policy: keyText(policy) }, 'a request waits for its policy, which cannot be used at present');
    return true;
  }
  if (spec !== 'gone' && spec.alarms?.some(({ name }) => name === request.alarm)) {
    term.dirty.set(keyText(policy), policy);
    return true;
  }
  const left = request.receivedAt + knownBy - tools.clock.now();
  // A clock that was far ahead must not make it wait for as long.
  if (left <= 0 || left > 2 * knownBy) return false;
  term.parkedAt = Math.min(term.parkedAt, tools.clock.monotonic() + left + together);
  return true;
}

function toAlarmsOptions({ receivedAt, source }: InboxRequest, rule: Parameters<typeof toAlarms>[1]['rule']) {
  return { rule, now: receivedAt, ...(source && { source }) };
}
