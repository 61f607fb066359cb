// A group of alarms and its members, as the book holds them in memory.
import { createHash } from 'node:crypto';
import { type Labels, labelOf } from '../../api/label-matcher.ts';
import type { Key } from '../../api/resource.ts';
import type { Alarm } from '../alarm.ts';
import type { LabelNames } from '../terms.ts';
import type { InhibitLink } from './inhibition.ts';

export interface Member {
  alarm: Alarm;
  /** Without it only labels that decide something are remembered, and the alarm is counted but makes no row. */
  full: boolean;
  /** Stands for the fingerprint where many are kept. */
  readonly mark: string;
  links: readonly InhibitLink[];
  group: Group;
}

/** What the receivers know of a group, as Alertmanager's notification log has it. */
export interface Told {
  readonly firing: Set<string>;
  readonly resolved: Set<string>;
  at: number;
}

export interface Group {
  readonly id: string;
  readonly labels: Labels;
  /** Milliseconds when it began; with the number of a mail it names that mail for ever. */
  readonly beginning: number;
  readonly members: Map<string, Member>;
  /** The next flush. */
  due: number;
  /** It had its first flush: due is on the group's grid of flushes. */
  flushed: boolean;
  /** Mails so far. */
  mails: number;
  told: Told | undefined;
  /** The last mail, of the group or a digest, that really went out. */
  lastTold: number | undefined;
  /** Marks of what a quiet period keeps from being told. */
  readonly waiting: Set<string>;
  /** The beginning of the holding back that it is in. */
  heldSince: number | undefined;
  ended: boolean;
}

export interface RuleIds {
  readonly policy: Key;
  readonly rule: string;
}

/** Labels that are there, in order of their names; an empty one is none. */
export function pickLabels(labels: Labels, names: LabelNames): Labels {
  const wanted = names === 'AllLabels' ? Object.keys(labels).sort() : names;
  return Object.fromEntries(wanted.map((name) => [name, labelOf(labels, name)] as const).filter(([, value]) => value));
}

export function labelsKey(labels: Labels): string {
  return JSON.stringify(labels);
}

/** `labels` as `pickLabels` gives them; undefined is the rule itself. */
export function groupId({ policy, rule }: RuleIds, labels: Labels | undefined): string {
  const parts = [policy.namespace, policy.name, rule, ...(labels ? [Object.entries(labels)] : [])];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** 48 bits of the fingerprint: enough within one group, and a fifth of its size. */
export function markOf(fingerprint: string): string {
  return Buffer.from(fingerprint.slice(0, 12), 'hex').toString('base64url');
}

/** A firing alarm whose end has passed is over, whether anybody says so or not. */
export function isFiring({ state, endsAt }: Alarm, now: number): boolean {
  return state === 'Firing' && (endsAt === undefined || endsAt > now);
}
