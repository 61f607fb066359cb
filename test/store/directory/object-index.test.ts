import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeclaredObject } from '../../../src/store/directory/declared-object.ts';
import { indexChanges, indexObjects } from '../../../src/store/directory/object-index.ts';

const object = fc
  .record({
    kind: fc.constantFrom('SmtpRelay' as const, 'Secret' as const),
    namespace: fc.constantFrom('a', 'b'),
    name: fc.constantFrom('x', 'y', 'z'),
    version: fc.constantFrom('1', '2'),
    file: fc.constantFrom('1.yaml', '2.yaml', '3.yaml'),
    line: fc.integer({ min: 1, max: 9 }),
  })
  .map(
    ({ file, line, ...rest }): DeclaredObject => ({
      ...rest,
      place: { file, line, nextLine: undefined },
      manifest: undefined,
    }),
  );

/** Files in the order that they were read in, each with its objects in the order of lines. */
const files = fc.array(object, { maxLength: 12 }).map((objects) => {
  const byFile = new Map<string, DeclaredObject[]>();
  for (const one of objects) byFile.set(one.place.file, [...(byFile.get(one.place.file) ?? []), one]);
  return byFile;
});

test('the order in which files were read decides nothing', () => {
  fc.assert(
    fc.property(files, (read) => {
      const reversed = new Map([...read].reverse());
      expect([...indexObjects(reversed).objects]).toEqual([...indexObjects(read).objects]);
      expect(indexObjects(reversed).duplicates).toEqual(indexObjects(read).duplicates);
    }),
  );
});

test('a name is a duplicate exactly when it is declared more than once', () => {
  fc.assert(
    fc.property(files, (read) => {
      const counts = new Map<string, number>();
      for (const { kind, namespace, name } of [...read.values()].flat()) {
        const text = `${kind} ${namespace}/${name}`;
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
      const { objects, duplicates } = indexObjects(read);
      expect([...objects.keys()].sort()).toEqual([...counts.keys()].sort());
      expect([...duplicates.keys()].sort()).toEqual([...counts].flatMap(([text, n]) => (n > 1 ? [text] : [])).sort());
    }),
  );
});

test('what changed, applied to what was, gives the names and versions that are', () => {
  fc.assert(
    fc.property(files, files, (one, other) => {
      const versions = (read: typeof one) =>
        new Map([...indexObjects(read).objects].map(([text, { version }]) => [text, version]));
      const current = versions(one);
      for (const { before, after } of indexChanges(indexObjects(one).objects, indexObjects(other).objects)) {
        const changed = after ?? before;
        if (!changed) throw new Error('a change of nothing');
        const text = `${changed.kind} ${changed.namespace}/${changed.name}`;
        if (after) current.set(text, after.version);
        else current.delete(text);
      }
      expect(current).toEqual(versions(other));
    }),
  );
});
