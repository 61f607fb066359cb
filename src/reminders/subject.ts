// What ends, as far as a reminder needs to know it: a number for its end, so that a hundred thousand of them are cheap.
import type { Key } from '../api/resource.ts';

export interface Subject {
  readonly kind: 'subject';
  readonly key: Key;
  /** Milliseconds since the epoch. */
  readonly end: number;
  /** The start of its life; undefined where nobody knows. */
  readonly createdAt: number | undefined;
  /** The account's own address. */
  readonly account: string | undefined;
  /** The account's sponsor. */
  readonly sponsor: string | undefined;
  /** What `addressPath` leads to: told whatever `notify` says. */
  readonly address: string | undefined;
}

export interface UnusableSubject {
  readonly kind: 'unusable';
  readonly key: Key;
  /** A sentence. */
  readonly problem: string;
}

/** What never ends is not among them. May be gone through more than once; made while it is, so that none need be kept. */
export type Subjects = Iterable<Subject | UnusableSubject>;
