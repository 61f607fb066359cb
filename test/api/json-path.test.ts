import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJsonPath, valueAt } from '../../src/api/json-path.ts';

const certificate = {
  metadata: { annotations: { owner: 'a@example.com', 'example.com/owner': 'b@example.com', 'it"s': 1, "it's": 2 } },
  status: { notAfter: '2026-12-01T00:00:00Z', conditions: [{ type: 'Ready' }, { type: 'Issuing' }], größe: 3 },
};

describe('a JSONPath', () => {
  test.each([
    ['$.status.notAfter', '2026-12-01T00:00:00Z'],
    ["$['status']['notAfter']", '2026-12-01T00:00:00Z'],
    ['$["status"].notAfter', '2026-12-01T00:00:00Z'],
    ["$.metadata.annotations['example.com/owner']", 'b@example.com'],
    ["$.metadata.annotations['it\\'s']", 2],
    ['$.metadata.annotations["it\\"s"]', 1],
    ["$.metadata.annotations['\\u006fwner']", 'a@example.com'],
    ['$.status.conditions[0].type', 'Ready'],
    ['$.status.conditions[ -1 ].type', 'Issuing'],
    ['$.status.größe', 3],
    ['$.status.conditions[2].type', undefined],
    ['$.status.notAfter.length', undefined],
    ['$.status.conditions.length', undefined],
    ['$.metadata[0]', undefined],
    ['$.toString', undefined],
    ['$.__proto__', undefined],
  ])('%s finds %s', (text, value) => {
    const path = parseJsonPath(text);
    if (path.kind === 'invalid') throw new Error(path.message);
    expect(valueAt(certificate, path.segments)).toBe(value);
  });

  test.each([
    ['', 'must start with $, such as $.status.notAfter'],
    ['status.notAfter', 'must start with $, such as $.status.notAfter'],
    ['{.status.notAfter}', 'must start with $, such as $.status.notAfter'],
    ['$', 'must name a field, such as $.status.notAfter'],
    ['$.', 'must go on with .name, [\'name\'] or [0], not "." at character 2'],
    ['$..notAfter', 'must name one place: no .., *, filters or slices; not "..notAfter" at character 2'],
    ['$.list[*]', 'must name one place: no .., *, filters or slices; not "[*]" at character 7'],
    ['$.list[?@.a==1]', 'must name one place: no .., *, filters or slices; not "[?@.a==1]" at character 7'],
    ['$.list[1:2]', 'must name one place: no .., *, filters or slices; not "[1:2]" at character 7'],
    ['$.list[01]', 'must go on with .name, [\'name\'] or [0], not "[01]" at character 7'],
    ["$['a", "must go on with .name, ['name'] or [0], not \"['a\" at character 2"],
    [
      '$.metadata.annotations.example.com/owner',
      'must write a name with - . or / in brackets, such as $.metadata.annotations[\'example.com/owner\']; not "/owner" at character 35',
    ],
    [
      '$.not-after',
      'must write a name with - . or / in brackets, such as $.metadata.annotations[\'example.com/owner\']; not "-after" at character 6',
    ],
    ['$.a b', 'must go on with .name, [\'name\'] or [0], not " b" at character 4'],
    ['$.a[(process.exit())]', 'must go on with .name, [\'name\'] or [0], not "[(process.exit())]" at character 4'],
  ])('%s is refused: %s', (text, message) => {
    expect(parseJsonPath(text)).toEqual({ kind: 'invalid', message });
  });

  test('finds by brackets whatever key there is', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), fc.integer(), (keys, value) => {
        const object = keys.reduceRight<unknown>((below, key) => Object.fromEntries([[key, below]]), value);
        const path = parseJsonPath(`$${keys.map((key) => `[${asciiJson(key)}]`).join('')}`);
        expect(path).toEqual({ kind: 'path', segments: keys });
        if (path.kind === 'path') expect(valueAt(object, path.segments)).toBe(value);
      }),
    );
  });

  test('never throws', () => {
    const text = fc.string({ unit: fc.constantFrom(...'$.[]\'"\\*?:01a-_/ \u00e4') });
    fc.assert(
      fc.property(text, fc.jsonValue(), (rest, value) => {
        const path = parseJsonPath(`$${rest}`);
        if (path.kind === 'path') valueAt(value, path.segments);
      }),
    );
  });
});

function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
