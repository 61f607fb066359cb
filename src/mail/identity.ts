// What makes a message this one, and no other: the names that it is accepted, sent and remembered by, once.
import { hash } from 'node:crypto';
import type { Key } from '../api/resource.ts';

export type RuleKind = 'Credentials' | 'Reminder' | 'Alarm' | 'Test';

/** By names, not uids: a restored cluster or a replaced policy mails nothing twice. */
export interface MessageIdentity {
  readonly policy: Key;
  readonly ruleKind: RuleKind;
  readonly rule: string;
  /** What it is about; `digest` in the policy's namespace for a digest. */
  readonly subject: Key;
  /** Why now: the password's mark, an end and its step, a notification's number. */
  readonly occasion: string;
  /** The envelope address, domain in lower case. */
  readonly recipient: string;
  readonly part: 'Main' | 'Password';
}

/** 16 bytes, in hexadecimal. */
export function messageId(identity: MessageIdentity): string {
  const { policy, ruleKind, rule, subject, occasion, recipient, part } = identity;
  const names = [
    policy.namespace,
    policy.name,
    ruleKind,
    rule,
    subject.namespace,
    subject.name,
    occasion,
    recipient,
    part,
  ];
  return hash('sha256', JSON.stringify(names), 'hex').slice(0, 32);
}

/** Names a rule within its policy. */
export function ruleId(kind: string, name: string): string {
  return `${kind}/${name}`;
}
