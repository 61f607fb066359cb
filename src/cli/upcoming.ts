// `relaykeeper upcoming`: plans the runs to come as the operator would, by the same functions, and prints them.
import { timestamp } from '../api/conditions.ts';
import { maskAddress } from '../api/mail-address.ts';
import type { NotificationPolicySpec, ReminderRule } from '../api/notification-policy.ts';
import { type Key, keyText } from '../api/resource.ts';
import type { Ledger } from '../mail/ledger.ts';
import { createRelayBook, type RelayBook } from '../policies/relay-book.ts';
import { ruleSubjects } from '../policies/reminder-subjects.ts';
import type { Subjects } from '../reminders/subject.ts';
import { type Upcoming, upcoming } from '../reminders/upcoming.ts';
import { exitCodes, type Io } from './io.ts';
import { type PolicySources, policyKeys, withPolicySources } from './policy-sources.ts';
import { lookAtPolicy } from './policy-standing.ts';
import { textTable } from './text-table.ts';
import { createToldProblems, type ToldProblems } from './told-problems.ts';
import type { UpcomingFlags } from './upcoming-command.ts';

export async function showUpcoming(flags: UpcomingFlags, io: Io): Promise<number> {
  const problems = createToldProblems();
  const { rows, complete } = await withPolicySources(flags, { io, problems }, (sources) =>
    comingRows(sources, flags, problems),
  );
  if (flags.output === 'json')
    io.stdout.write(
      `${JSON.stringify(
        rows.map((row) => rowJson(row, flags)),
        null,
        2,
      )}\n`,
    );
  else io.stdout.write(rows.length === 0 ? 'No reminder is due in that time.\n' : table(rows, flags));
  return complete ? exitCodes.succeeded : exitCodes.failed;
}

interface Row extends Upcoming {
  readonly policy: Key;
  readonly rule: string;
  /** Why it would not be sent after all. */
  readonly note: string;
}

interface Looking {
  readonly sources: PolicySources;
  readonly book: RelayBook;
  readonly ledger: Ledger;
  readonly within: number;
  readonly now: number;
  readonly problems: ToldProblems;
}

async function comingRows(sources: PolicySources, flags: UpcomingFlags, problems: ToldProblems) {
  const now = Date.now();
  const book = createRelayBook(sources.relays, Date.now);
  const looking = { sources, book, ledger: await sources.ledger(), within: flags.within, now, problems };
  const rows: Row[] = [];
  let complete = true;
  for (const policy of policyKeys(sources, flags)) {
    const stored = sources.store.getPolicy(policy);
    const look = stored && lookAtPolicy(stored);
    if (look?.kind === 'invalid') {
      problems.note({
        subject: keyText(policy),
        message: `NotificationPolicy ${keyText(policy)} is not valid: ${look.message}`,
      });
      complete = false;
    }
    if (look?.kind !== 'valid') continue;
    for (const rule of look.spec.reminders ?? []) {
      const found = await ruleRows({ policy, rule, spec: look.spec }, looking);
      rows.push(...found.rows);
      complete &&= found.complete;
    }
  }
  return { rows: rows.toSorted((a, b) => a.at - b.at), complete };
}

interface RuleOf {
  readonly policy: Key;
  readonly rule: ReminderRule;
  readonly spec: NotificationPolicySpec;
}

async function ruleRows({ policy, rule, spec }: RuleOf, { sources, book, ledger, within, now, problems }: Looking) {
  const found = await ruleSubjects(policy, rule, { store: sources.store, book });
  const place = `NotificationPolicy ${keyText(policy)}, rule ${rule.name}`;
  const unusable = [
    ...found.complaints.map(({ note }) => note),
    ...unusableIn(found.subjects),
    ...[found.unseen, found.empty].filter((message) => message !== undefined),
  ];
  for (const message of unusable) problems.note({ subject: `${place} ${message}`, message: `${place}: ${message}` });
  const coming = upcoming({
    policy,
    rule,
    subjects: found.subjects,
    now,
    within,
    limit: Number.POSITIVE_INFINITY,
    sent: ledger.has,
  });
  const note = spec.suspend ? 'suspended' : spec.mode === 'DryRun' ? 'dry run' : '';
  return {
    rows: coming.map((one) => ({ ...one, policy, rule: rule.name, note })),
    complete: found.unseen === undefined,
  };
}

function unusableIn(subjects: Subjects): string[] {
  const problems: string[] = [];
  for (const one of subjects) if (one.kind === 'unusable') problems.push(`${keyText(one.key)}: ${one.problem}`);
  return problems;
}

function table(rows: readonly Row[], flags: UpcomingFlags): string {
  const noted = rows.some(({ note }) => note !== '');
  return textTable(
    ['TIME', 'POLICY', 'RULE', 'ABOUT', 'ENDS', 'DAYS LEFT', 'TO', ...(noted ? ['NOTE'] : [])],
    rows.map(({ at, policy, rule, subject, due, recipients, note }) => [
      timestamp(at),
      keyText(policy),
      rule,
      keyText(subject.key),
      timestamp(subject.end),
      String(due.daysLeft),
      recipients.map(({ recipient }) => shown(recipient, flags)).join(', '),
      ...(noted ? [note] : []),
    ]),
  );
}

function rowJson({ at, policy, rule, subject, due, recipients, note }: Row, flags: UpcomingFlags) {
  return {
    time: timestamp(at),
    policy: keyText(policy),
    rule,
    subject: keyText(subject.key),
    ends: timestamp(subject.end),
    step: due.step,
    daysLeft: due.daysLeft,
    recipients: recipients.map(({ role, recipient }) => ({ role, address: shown(recipient, flags) })),
    note: note === '' ? null : note,
  };
}

function shown(address: string, { showAddresses = false }: UpcomingFlags): string {
  return showAddresses ? address : maskAddress(address);
}
