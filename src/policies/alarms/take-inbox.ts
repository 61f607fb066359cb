// Takes what was answered with 202 from the inbox to the books of its rules. A record is removed once the journal has what
// it changed; its name stays there until it cannot come back, so that a crash in between applies nothing twice.
import { setImmediate } from 'node:timers/promises';
import { decodeRequest, type InboxRequest } from '../../alarms/intake/inbox-request.ts';
import { toAlarms } from '../../alarms/intake/to-alarms.ts';
import type { InboxRecord } from '../../store/inbox.ts';
import { appliedKey, parkedKey, ruleKey } from './alarm-journal.ts';
import type { AlarmTerm } from './alarm-term.ts';
import type { AlarmTools } from './alarm-tools.ts';

/** Records of one round. */
const batch = 256;

/** How many were taken. */
export async function takeInbox(term: AlarmTerm, tools: AlarmTools): Promise<number> {
  const records = await tools.alarms.inbox.read(batch);
  forgetRemoved(term, records);
  let taken = 0;
  for (const { name, body } of records) {
    term.toRemove.add(name);
    if (term.applied.has(name)) continue;
    await take({ name, body }, { term, tools });
    term.applied.add(name);
    term.unwritten.set(appliedKey(name), '');
    taken += 1;
    // Twenty thousand alarms take their time: connections and leases must not wait for all of them.
    await setImmediate();
  }
  return taken;
}

/** What waited for its policy to be readable. */
export async function takeParked(term: AlarmTerm, tools: AlarmTools): Promise<void> {
  for (const [name, text] of [...term.parked]) {
    term.parked.delete(name);
    term.unwritten.set(parkedKey(name), undefined);
    await take({ name, body: Buffer.from(text) }, { term, tools });
  }
}

/** Once they are gone from the journal's point of view: after the write that has what they changed. */
export async function removeTaken(term: AlarmTerm, { alarms: { inbox } }: AlarmTools): Promise<void> {
  if (term.toRemove.size === 0) return;
  await inbox.remove([...term.toRemove]);
  term.toRemove.clear();
}

/** The inbox reads the oldest first, and removes together what was written together: older than all that is left, it is gone. */
function forgetRemoved(term: AlarmTerm, records: readonly InboxRecord[]): void {
  const oldest = records.map(({ name }) => name.split('/')[0] ?? '').sort()[0];
  for (const name of term.applied) {
    if (term.toRemove.has(name) || (oldest !== undefined && (name.split('/')[0] ?? '') >= oldest)) continue;
    term.applied.delete(name);
    term.unwritten.set(appliedKey(name), undefined);
  }
}

interface Taking {
  readonly term: AlarmTerm;
  readonly tools: AlarmTools;
}

async function take({ name, body }: InboxRecord, { term, tools }: Taking): Promise<void> {
  const decoded = decodeRequest(body);
  if (decoded.kind === 'unreadable') {
    tools.log.error({ record: name }, `a request in the inbox cannot be read, and is left out: ${decoded.message}`);
    return;
  }
  const { request } = decoded;
  const policy = { namespace: request.namespace, name: request.policy };
  const running = term.rules.get(ruleKey({ policy, rule: request.alarm }));
  if (running) {
    const { rule, book } = running;
    book.receive(toAlarms(request.alarms, toAlarmsOptions(request, rule)), tools.clock.now());
    running.touched = true;
    return;
  }
  if (tools.specs(policy) === 'unreadable') {
    term.parked.set(name, body.toString('utf8'));
    term.unwritten.set(parkedKey(name), body.toString('utf8'));
    tools.log.warn(
      { record: name, policy: `${policy.namespace}/${policy.name}` },
      'a request waits for its policy, which cannot be used at present',
    );
    return;
  }
  const why = 'that came in before it was deleted make no mail.';
  tools.notTold.add({ policy, rule: request.alarm, what: { count: request.alarms.length, of: 'alarm' }, why });
}

function toAlarmsOptions({ receivedAt, source }: InboxRequest, rule: Parameters<typeof toAlarms>[1]['rule']) {
  return { rule, now: receivedAt, ...(source && { source }) };
}
