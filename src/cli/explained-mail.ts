// One mail as `explain` tells of it.
import { timestamp } from '../api/conditions.ts';
import { type Key, keyText } from '../api/resource.ts';
import type { DeliveryRecord } from '../mail/delivery-history.ts';
import type { MessageIdentity } from '../mail/identity.ts';
import type { OutboxEntry } from '../mail/outbox/outbox.ts';

export type Outcome =
  /** A relay answered 250. */
  | 'Sent'
  /** A relay answered 250 for a sandbox, which has it now: she has not. */
  | 'Redirected'
  | 'Waiting'
  /** It will not be tried again. */
  | 'Refused'
  | 'Dropped'
  | 'NotSent'
  | 'Upcoming';

export interface ExplainedMail {
  /** Milliseconds since the epoch; undefined where nobody kept it. */
  readonly time: number | undefined;
  readonly policy: Key;
  readonly rule: string;
  /** `namespace/name` of the account, certificate or whatever it is about, and which of its mails. */
  readonly about: string;
  readonly outcome: Outcome;
  /** Sentences: the reply of the server, or why not. */
  readonly detail: string;
  /** Of the message; undefined for one that is still to be made. */
  readonly id: string | undefined;
}

export type Fate = Pick<ExplainedMail, 'time' | 'outcome' | 'detail'>;

export function aboutText({ subject, ruleKind, occasion, part }: Omit<MessageIdentity, 'recipient'>): string {
  if (ruleKind === 'Test') return 'test with sample data';
  if (ruleKind === 'Alarm') return alarmText(occasion) ?? keyText(subject);
  if (part === 'Password') return `${keyText(subject)} (password)`;
  const step = ruleKind === 'Reminder' ? /\/(After|\d+)$/.exec(occasion)?.[1] : undefined;
  return step === undefined ? keyText(subject) : `${keyText(subject)} (${stepText(step)})`;
}

/** `<beginning>/<number>`; the labels of a group are known while it is active only. */
function alarmText(occasion: string): string | undefined {
  const [, beginning, number] = /^(\d{1,15})\/(\d+)$/.exec(occasion) ?? [];
  return beginning === undefined ? undefined : `alarms since ${timestamp(Number(beginning))} (mail ${number})`;
}

function stepText(step: string): string {
  if (step === 'After') return 'after the end';
  return step === '0' ? 'on the day of the end' : `${step} ${step === '1' ? 'day' : 'days'} before the end`;
}

export function fateInOutbox({ identity, envelope, ...entry }: OutboxEntry): Fate {
  const { state, deadReason, lastAttempt, notBefore, acceptedAt, attempts } = entry;
  const reply = lastAttempt ? `${lastAttempt.relay.name}: ${lastAttempt.reply}` : undefined;
  const redirected = envelope.to === identity.recipient ? undefined : redirectedText(envelope.to);
  if (state === 'Dead') {
    const detail = [redirected, [deadReason, reply].filter(Boolean).join(': ')].filter(Boolean).join('; ');
    return { time: lastAttempt?.at ?? acceptedAt, outcome: 'Refused', detail };
  }
  const tried = reply
    ? `tried ${attempts === 1 ? 'once' : `${attempts} times`}; ${reply}; next try `
    : 'in the outbox; first try ';
  const next = `${tried}${new Date(notBefore).toISOString()}`;
  return { time: acceptedAt, outcome: 'Waiting', detail: [redirected, next].filter(Boolean).join('; ') };
}

export function fateInHistory({
  at,
  outcome,
  relay,
  reason,
  reply,
  redirectedTo,
}: Omit<DeliveryRecord, 'id' | 'identity'>): Fate {
  const said = [relay, reason, reply].filter(Boolean).join(': ');
  const redirected = redirectedTo === undefined ? [] : [redirectedText(redirectedTo)];
  const detail = [...redirected, ...(said === '' ? [] : [said])].join('; ');
  const isElsewhere = outcome === 'Accepted' && redirectedTo !== undefined;
  return { time: at, outcome: isElsewhere ? 'Redirected' : outcomes[outcome], detail };
}

const outcomes = { Accepted: 'Sent', Refused: 'Refused', Dropped: 'Dropped' } as const;

/** The address of a relay's `spec.sandbox`: no recipient's, so that it is shown. */
function redirectedText(sandbox: string): string {
  return `redirected to ${sandbox}`;
}
