// What ends, as far as a reminder needs to know it: a number for its end, so that a hundred thousand of them are cheap.
import type { Key } from '../api/resource.ts';

export interface Subject {
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
  readonly key: Key;
  /** A sentence. */
  readonly problem: string;
}

/** What never ends is neither. */
export interface Subjects {
  readonly subjects: readonly Subject[];
  readonly invalid: readonly UnusableSubject[];
}
