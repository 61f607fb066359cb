// One line of the tables that say what a refusing reply means. First match wins, so causes stand before what they
// look like: everything a rule gives has to hold.
import type { Reason } from '../../api/reasons.ts';

export type RefusedStep = 'greeting' | 'ehlo' | 'starttls' | 'auth' | 'mail' | 'rcpt' | 'data' | 'dataEnd';

export interface RefusalRule {
  readonly during?: readonly RefusedStep[];
  /** Of the three digits. */
  readonly code?: RegExp;
  /** Of the enhanced status code (RFC 3463); a reply without one does not match. */
  readonly enhanced?: RegExp;
  /** Of the words, all lines on one. */
  readonly text?: RegExp;
  readonly encrypted?: boolean;
  readonly authenticated?: boolean;
  readonly reason: Reason;
  /** More exact than what provider or reason have to say. */
  readonly remedy?: string;
  /** What the words advise, before the remedy that there is anyway. */
  readonly hint?: string;
}

export interface RefusalFacts {
  readonly during: RefusedStep;
  readonly code: number;
  readonly enhanced: string | undefined;
  readonly text: string;
  readonly encrypted: boolean;
  readonly authenticated: boolean;
}

export function ruleMatches(rule: RefusalRule, facts: RefusalFacts): boolean {
  return (
    (rule.during?.includes(facts.during) ?? true) &&
    (rule.code?.test(String(facts.code)) ?? true) &&
    (rule.enhanced === undefined || (facts.enhanced !== undefined && rule.enhanced.test(facts.enhanced))) &&
    (rule.text?.test(facts.text) ?? true) &&
    (rule.encrypted === undefined || rule.encrypted === facts.encrypted) &&
    (rule.authenticated === undefined || rule.authenticated === facts.authenticated)
  );
}
