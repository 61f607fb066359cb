// Which bundles are there, by the names of their parts. One counts as there once all parts are.
import { type BundleHead, parsePartName, partName } from './part-name.ts';

export interface Backlog {
  /** Whether a bundle is complete by it. */
  add(name: string, now: number): boolean;
  drop(name: string): void;
  /** Complete, with something left that is not taken; the oldest first. */
  ready(): readonly Bundle[];
  get(id: string): Bundle | undefined;
  /** Parts of bundles that were first seen here before this time and are not whole: clocks of writers differ. */
  partsWithoutRest(before: number): readonly string[];
  /** `parts` are what each is an object of the store. */
  readonly size: { readonly records: number; readonly parts: number; readonly bytes: number };
}

export interface Bundle extends BundleHead {
  /** Those that are done, by position; nobody but this process knows. */
  readonly taken: Set<number>;
  /** It cannot be read, and is left aside. */
  damaged: boolean;
}

interface SeenBundle extends Bundle {
  readonly present: Set<number>;
  readonly seenAt: number;
}

export function createBacklog(): Backlog {
  const bundles = new Map<string, SeenBundle>();
  const size = { records: 0, parts: 0, bytes: 0 };

  const count = ({ count: records, bytes }: BundleHead, sign: 1 | -1) => {
    size.records += sign * records;
    size.bytes += sign * bytes;
  };

  return {
    size,
    get: (id) => bundles.get(id),
    add(name, now) {
      const found = parsePartName(name);
      if (!found) return false;
      const { part, ...head } = found;
      const bundle = bundles.get(head.id) ?? {
        ...head,
        taken: new Set(),
        damaged: false,
        present: new Set(),
        seenAt: now,
      };
      if (bundle.present.size === 0) count(bundle, 1);
      bundles.set(head.id, bundle);
      if (bundle.present.has(part)) return false;
      bundle.present.add(part);
      size.parts += 1;
      return bundle.present.size === bundle.parts;
    },
    drop(name) {
      const found = parsePartName(name);
      const bundle = found && bundles.get(found.id);
      if (!bundle?.present.delete(found?.part ?? 0)) return;
      size.parts -= 1;
      if (bundle.present.size > 0) return;
      bundles.delete(bundle.id);
      count(bundle, -1);
    },
    ready() {
      const ready = [...bundles.values()].filter(
        ({ present, parts, taken, count: all, damaged }) => present.size === parts && taken.size < all && !damaged,
      );
      return ready.sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    partsWithoutRest: (before) =>
      [...bundles.values()]
        .filter(({ present, parts, seenAt }) => present.size < parts && seenAt < before)
        .flatMap((bundle) => [...bundle.present].map((part) => partName(bundle, part))),
  };
}
