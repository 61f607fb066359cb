// What one run of a reminder rule sends. A run is known by its scheduled instant and may be planned again at any time: what
// the ledger has is left out, whatever the order of runs, restarts and clocks set back.
import type { ReminderRule } from '../api/notification-policy.ts';
import { keyText } from '../api/resource.ts';
import { dayMilliseconds } from '../api/zone-clock.ts';
import { digestRows } from '../mail/builtin/mail-data.ts';
import { type MessageIdentity, messageId } from '../mail/identity.ts';
import type { LedgerRecord } from '../mail/ledger.ts';
import { type Due, dueStep, stepsOf } from './due-step.ts';
import { digestIdentity, instantText, type RuleOf, rememberUntil, reminderIdentity } from './reminder-identity.ts';
import type { Subject, Subjects, UnusableSubject } from './subject.ts';
import { digestTold, type Recipient, type Role, toldOf } from './told.ts';
import { type Ledgered, untold } from './untold.ts';

export interface RunFacts extends Ledgered {
  readonly rule: ReminderRule;
  /** The scheduled instant, milliseconds since the epoch. */
  readonly run: number;
  readonly now: number;
  readonly subjects: Subjects;
  readonly maxPerRun: number;
  /** The value of the release annotation. */
  readonly released: string | undefined;
}

interface AnyReminder {
  /** `messageId(identity)`. */
  readonly id: string;
  readonly identity: MessageIdentity;
  readonly role: Role;
  readonly deliverBy: number;
  readonly rememberUntil: number;
  /** For the second look just before sending: the subject's end; empty for a digest. */
  readonly seen: string;
}

export interface SingleReminder extends AnyReminder {
  readonly kind: 'Single';
  readonly subject: Subject;
  readonly due: Due;
}

export interface DigestReminder extends AnyReminder {
  readonly kind: 'Digest';
  /** The soonest ends first, at most `digestRows`: the others are for the digests to come. */
  readonly rows: readonly DigestRow[];
  /** Each row as if it had been a mail of its own: for the ledger once the digest was sent. */
  readonly tells: readonly LedgerRecord[];
  /** How many more there are than rows. */
  readonly more: number;
}

export interface DigestRow {
  readonly subject: Subject;
  readonly due: Due;
}

export type Reminder = SingleReminder | DigestReminder;

interface AnyPlan {
  /** The run's key: its scheduled instant. */
  readonly run: string;
  readonly subjects: number;
  /** How many of them have come to a step that was not mailed yet. */
  readonly due: number;
  /** Those that cannot be used, and those that are due and have an address that no server takes. */
  readonly invalid: readonly UnusableSubject[];
}

export type RunPlan =
  | (AnyPlan & {
      readonly kind: 'send';
      readonly count: number;
      /** `count` of them; made while they are gone through, so that a hundred thousand are never there at once. */
      readonly reminders: Iterable<Reminder>;
    })
  /** More than maxPerRun: nothing is sent until the release annotation says `run`. */
  | (AnyPlan & { readonly kind: 'held'; readonly count: number });

export function planRun(facts: RunFacts): RunPlan {
  const { rule, run, maxPerRun, released } = facts;
  const steps = stepsOf(rule);
  // A run that is made up for, or was held, tells what is true by now.
  const at = Math.max(run, facts.now);
  const digests = digestTold(rule).recipients.map((recipient) => openDigest(recipient, facts));
  const limit = released === instantText(run) ? Number.POSITIVE_INFINITY : maxPerRun;
  const singles: DueSingle[] = [];
  const invalid: UnusableSubject[] = [];
  let [subjects, dueSubjects, count] = [0, 0, 0];
  for (const subject of facts.subjects) {
    subjects += 1;
    if (subject.kind === 'unusable') {
      invalid.push(subject);
      continue;
    }
    const due = dueStep(steps, subject, at);
    if (!due) continue;
    const told = toldOf(subject, rule);
    if (told.problems.length > 0) invalid.push(unusableAddress(subject, told.problems));
    const atStep = { subject, step: due.step, steps };
    const mails = untold(told.recipients, atStep, facts);
    const rowOf = digests.filter((digest) => untold([digest], atStep, facts).length > 0);
    if (mails.length + rowOf.length > 0) dueSubjects += 1;
    count += mails.length;
    // Past the limit only their number is wanted.
    if (count <= limit) for (const { role, recipient } of mails) singles.push({ role, recipient, subject, due });
    for (const digest of rowOf) digest.rows.push({ subject, due });
  }
  const full = digests.filter(({ id, rows }) => rows.length > 0 && !facts.sent(id));
  count += full.length;
  const common = { run: instantText(run), subjects, due: dueSubjects, invalid };
  if (count > limit) return { kind: 'held', ...common, count };
  const reminders = {
    *[Symbol.iterator]() {
      for (const one of singles) yield single(one, facts);
      for (const digest of full) yield closeDigest(digest, { ...facts, at });
    },
  };
  return { kind: 'send', ...common, count, reminders };
}

/** No more than it takes to make the reminder later: its id is cheaper to hash again than to keep. */
interface DueSingle extends Recipient {
  readonly subject: Subject;
  readonly due: Due;
}

function unusableAddress({ key }: Subject, problems: readonly string[]): UnusableSubject {
  return { kind: 'unusable', key, problem: `"${key.name}": ${problems.join('; ')}` };
}

function single({ role, recipient, subject, due }: DueSingle, facts: RunFacts): SingleReminder {
  const identity = reminderIdentity(facts, subject, { step: due.step, recipient });
  return {
    kind: 'Single',
    id: messageId(identity),
    identity,
    role,
    subject,
    due,
    deliverBy: due.until,
    rememberUntil: rememberUntil(subject.end),
    seen: instantText(subject.end),
  };
}

interface OpenDigest extends Recipient {
  readonly id: string;
  readonly identity: MessageIdentity;
  readonly rows: DigestRow[];
}

function openDigest(recipient: Recipient, facts: RunFacts): OpenDigest {
  const identity = digestIdentity(facts, facts.run, recipient.recipient);
  return { ...recipient, id: messageId(identity), identity, rows: [] };
}

function closeDigest(digest: OpenDigest, { at, ...rule }: RuleOf & { readonly at: number }): DigestReminder {
  const { id, identity, role, recipient } = digest;
  const rows = digest.rows.toSorted((a, b) => a.subject.end - b.subject.end).slice(0, digestRows);
  return {
    kind: 'Digest',
    id,
    identity,
    role,
    rows,
    tells: rows.map((row) => rowRecord(row, recipient, rule)),
    more: digest.rows.length - rows.length,
    deliverBy: at + dayMilliseconds,
    rememberUntil: rememberUntil(at),
    seen: '',
  };
}

function rowRecord({ subject, due }: DigestRow, recipient: string, rule: RuleOf): LedgerRecord {
  return {
    id: messageId(reminderIdentity(rule, subject, { step: due.step, recipient })),
    subject: keyText(subject.key),
    keepUntil: rememberUntil(subject.end),
  };
}
