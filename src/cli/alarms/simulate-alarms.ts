// `relaykeeper alarms simulate`: the rules of manifests against a recorded stream, by the functions that run them.
import { printable } from '../../api/fit-status.ts';
import type { AlarmRule, NotificationPolicySpec } from '../../api/notification-policy.ts';
import { type Key, keyText } from '../../api/resource.ts';
import { exitCodes, type Io, UnusableArgument } from '../io.ts';
import { type ManifestPolicies, manifestPolicies } from '../manifest-policies.ts';
import { policyKeys } from '../policy-sources.ts';
import { lookAtPolicy } from '../policy-standing.ts';
import type { SimulateFlags } from './alarms-command.ts';
import { readRecorded } from './read-recorded.ts';
import type { Recorded } from './recorded-stream.ts';
import { type SimulatedMail, simulatedMails } from './simulated-mail.ts';
import { type Simulation, simulateRule } from './simulated-rule.ts';
import { simulatedJson, simulatedMailbox, simulatedTable } from './simulated-text.ts';

export async function simulateAlarms(flags: SimulateFlags, io: Io): Promise<number> {
  const records = await readRecorded(flags.events);
  const sources = await manifestPolicies(flags.filename, { namespace: flags.namespace, stdin: io.stdin });
  const rules = chosenRules(sources, flags);
  const mails: SimulatedMail[] = [];
  const ends: number[] = [];
  for (const one of rules) {
    const { policy, spec, rule } = one;
    const simulated = { namespace: policy.namespace, rule, quietPeriods: spec.quietPeriods };
    const simulation = simulateRule(simulated, records, flags.until);
    ends.push(simulation.until);
    for (const note of notesOf(one, records, simulation)) io.stderr.write(`note: ${printable(note)}\n`);
    mails.push(...(await simulatedMails(one, simulation.notices, { ...sources, whole: flags.output === 'eml' })));
  }
  mails.sort((one, other) => one.notice.at - other.notice.at);
  io.stdout.write(shown(mails, flags, Math.max(...ends)));
  const problems = new Set(mails.flatMap(({ rule, problems }) => problems.map((one) => `rule ${rule}: ${one}`)));
  for (const problem of problems) io.stderr.write(`error: ${printable(problem)}\n`);
  return problems.size > 0 ? exitCodes.failed : exitCodes.succeeded;
}

function shown(mails: readonly SimulatedMail[], { output }: SimulateFlags, until: number): string {
  switch (output) {
    case 'json':
      return simulatedJson(mails);
    case 'eml':
      return simulatedMailbox(mails);
    case 'table':
      return simulatedTable(mails, until);
  }
}

export interface ChosenRule {
  readonly policy: Key;
  readonly spec: NotificationPolicySpec;
  readonly rule: AlarmRule;
  /** Such as `spec.alarms[0]`. */
  readonly fieldPath: string;
}

function chosenRules({ store }: ManifestPolicies, { rule: wanted }: SimulateFlags): readonly ChosenRule[] {
  const all = policyKeys({ store }, {}).flatMap((policy) => {
    const stored = store.getPolicy(policy);
    const look = stored && lookAtPolicy(stored);
    if (look?.kind === 'invalid') {
      throw new UnusableArgument(`NotificationPolicy ${keyText(policy)} is not valid: ${look.message}`);
    }
    const { spec } = look ?? {};
    const rules = spec?.alarms ?? [];
    return spec ? rules.map((rule, index) => ({ policy, spec, rule, fieldPath: `spec.alarms[${index}]` })) : [];
  });
  const chosen = all.filter(({ rule }) => wanted === undefined || rule.name === wanted);
  if (chosen.length > 0) return chosen;
  const known = all.map(({ policy, rule }) => `${rule.name} (${keyText(policy)})`).join(', ') || 'none';
  throw new UnusableArgument(
    `there is no alarm rule${wanted === undefined ? '' : ` "${wanted}"`}; there are: ${known}`,
  );
}

/** What the answer leaves out. */
function notesOf({ policy, rule }: ChosenRule, records: readonly Recorded[], { alarms }: Simulation): string[] {
  const { webhook, kubernetesEvents, resourceConditions = [], relays } = rule.sources;
  const notes: string[] = [];
  const bodies = records.filter(({ kind }) => kind === 'alarms').length;
  if (bodies > 0 && !webhook) notes.push(`it has no webhook, so that ${bodies} bodies of the file are none of its`);
  if (records.length > bodies && !kubernetesEvents) {
    notes.push(`it has no kubernetesEvents, so that ${records.length - bodies} Events of the file are none of its`);
  }
  if (kubernetesEvents?.namespaceSelector) {
    notes.push('Events of every namespace count: which ones namespaceSelector means is not known here');
  }
  if (resourceConditions.length > 0 || relays) notes.push('resourceConditions and relays are not simulated');
  if (alarms === 0) notes.push('nothing in the file is an alarm of this rule');
  return notes.map((note) => `${keyText(policy)}, rule ${rule.name}: ${note}`);
}
