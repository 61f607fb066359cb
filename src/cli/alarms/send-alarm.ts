// `relaykeeper alarms send`: puts an alarm into the operator's inbox, as its webhook would, and says what comes of it.

import { encodeRequest } from '../../alarms/intake/inbox-request.ts';
import type { IncomingAlarm } from '../../alarms/intake/incoming-alarm.ts';
import { parsePayload } from '../../alarms/intake/payload.ts';
import { toAlarms } from '../../alarms/intake/to-alarms.ts';
import { errorText } from '../../api/error-text.ts';
import { printable } from '../../api/fit-status.ts';
import { type Key, keyText } from '../../api/resource.ts';
import { nearestName } from '../../api/validation/nearest-name.ts';
import { systemClock } from '../../store/clock.ts';
import type { InboxPut } from '../../store/inbox.ts';
import { exitCodes, type Io, UnusableArgument } from '../io.ts';
import { type PolicySources, withPolicySources } from '../policy-sources.ts';
import { whyNothingIsSent } from '../policy-standing.ts';
import { createToldProblems } from '../told-problems.ts';
import { alarmFate } from './alarm-fate.ts';
import type { SendAlarmFlags } from './alarms-command.ts';
import { alarmJournal, alarmRules, type RuleOfPolicy } from './rule-views.ts';

export interface SentTo {
  /** `NAMESPACE/NAME` */
  readonly policy: string;
  readonly alarm: string;
}

export async function sendAlarm(to: SentTo, flags: SendAlarmFlags, io: Io): Promise<number> {
  const policy = policyOf(to.policy, flags);
  const alarm = testAlarm(to.alarm, flags);
  const deps = { io, problems: createToldProblems() };
  const scope = { ...flags, namespace: policy.namespace };
  return withPolicySources(scope, deps, async (sources) => {
    const rule = ruleOf({ policy, alarm: to.alarm }, sources);
    const receivedAt = systemClock.now();
    const put = await keep(requestOf({ rule, alarm, receivedAt }), sources);
    const fate = put.kind === 'kept' ? await fateOf({ rule, alarm, receivedAt }, sources) : put.message;
    return tell({ put, fate }, flags, io);
  });
}

function policyOf(text: string, { namespace }: SendAlarmFlags): Key {
  const [first = '', second, more] = text.split('/');
  if (more === undefined && second) return { namespace: first, name: second };
  if (second === undefined && first && namespace !== undefined) return { namespace, name: first };
  throw new UnusableArgument(`"${text}" must be NAMESPACE/NAME of a NotificationPolicy`);
}

/** Judged and bounded as one that the webhook gets. */
function testAlarm(name: string, { label = [], annotation = [], resolved, count }: SendAlarmFlags): IncomingAlarm {
  const labels = { alertname: name, ...Object.fromEntries(label) };
  const annotations = { summary: 'A test alarm', ...Object.fromEntries(annotation) };
  const status = resolved ? 'resolved' : 'firing';
  const body = { labels, annotations, status, ...(count !== undefined && { count }) };
  const parsed = parsePayload(Buffer.from(JSON.stringify(body)), 'json');
  if (parsed.kind === 'refused') throw new UnusableArgument(`the alarm's ${parsed.path} ${parsed.message}`);
  const [alarm] = parsed.alarms;
  if (!alarm) throw new Error('one alarm was given, and none was read');
  return alarm;
}

function ruleOf({ policy, alarm }: { policy: Key; alarm: string }, sources: PolicySources): RuleOfPolicy {
  const { rules, problems } = alarmRules(sources, { namespace: policy.namespace, policy: policy.name });
  const [problem] = problems;
  if (problem !== undefined) throw new UnusableArgument(problem);
  const found = rules.find(({ rule }) => rule.name === alarm);
  if (found) return found;
  if (!sources.store.getPolicy(policy)) throw new UnusableArgument(`there is no NotificationPolicy ${keyText(policy)}`);
  const known = rules.map(({ rule }) => rule.name);
  const nearest = nearestName(alarm, known);
  const hint = nearest === undefined ? `it has: ${known.join(', ') || 'none'}` : `did you mean ${nearest}?`;
  throw new UnusableArgument(`NotificationPolicy ${keyText(policy)} has no alarm rule "${alarm}"; ${hint}`);
}

interface Sending {
  readonly rule: RuleOfPolicy;
  readonly alarm: IncomingAlarm;
  readonly receivedAt: number;
}

function requestOf({ rule: { policy, rule }, alarm, receivedAt }: Sending): Buffer {
  const { namespace, name } = policy;
  return encodeRequest({
    ...{ version: 1, namespace, policy: name, alarm: rule.name, receivedAt },
    alarms: [alarm],
    source: 'test',
  });
}

async function keep(body: Buffer, { alarms }: PolicySources): Promise<InboxPut> {
  try {
    const inbox = await alarms.openInbox();
    const put = await inbox.put(body);
    await inbox.close();
    return put;
  } catch (error) {
    return { kind: 'unavailable', message: errorText(error) };
  }
}

async function fateOf({ rule: one, alarm, receivedAt }: Sending, sources: PolicySources): Promise<string> {
  const stored = sources.store.getPolicy(one.policy);
  const hindrance = stored && whyNothingIsSent(stored, one.spec);
  const alarms = toAlarms([alarm], { rule: one.rule, now: receivedAt, source: 'test' });
  const fate = alarmFate({ rule: one, alarms, now: receivedAt }, await alarmJournal(sources.alarms.journal));
  return hindrance === undefined ? fate : `${fate} ${hindrance}`;
}

function tell({ put, fate: text }: { put: InboxPut; fate: string }, { output }: SendAlarmFlags, io: Io): number {
  const kept = put.kind === 'kept';
  if (output === 'json') io.stdout.write(`${JSON.stringify({ kept, message: text }, null, 2)}\n`);
  else if (kept) io.stdout.write(`The alarm is kept; an operator that runs takes it. ${printable(text)}\n`);
  else io.stderr.write(`error: ${printable(text)}\n`);
  return kept ? exitCodes.succeeded : exitCodes.failed;
}
