import fc from 'fast-check';
import { dump } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { readManifestText } from '../../../src/api/manifest/read-manifests.ts';

const configMap = 'apiVersion: v1\nkind: ConfigMap\n';

describe('readManifestText', () => {
  test('reads every document, leaves out empty ones, and counts from 0', () => {
    const text = `# nothing here\n---\n${configMap}data: {a: "1"}\n---\n---\n# nor here\n---\n${configMap}data: {b: "2"}\n...\n`;
    const { documents, problems } = readManifestText('a.yaml', text);
    expect(problems).toEqual([]);
    expect(documents.map(({ index, position, value }) => [index, position.line, value.data])).toEqual([
      [0, 3, { a: '1' }],
      [1, 10, { b: '2' }],
    ]);
  });

  test('keeps the documents around a broken one', () => {
    const text = `${configMap}---\nbroken: [\n---\n${configMap}`;
    const { documents, problems } = readManifestText('a.yaml', text);
    expect(documents.map(({ position }) => position.line)).toEqual([1, 6]);
    expect(problems).toMatchObject([{ file: 'a.yaml', position: { line: 4 }, warning: false }]);
  });

  test('takes a directive before a document as part of it', () => {
    expect(readManifestText('a.yaml', `%YAML 1.2\n---\n${configMap}`)).toMatchObject({ documents: [{}], problems: [] });
  });

  test('reads JSON, with tabs and a byte order mark', () => {
    const { documents, problems } = readManifestText(
      'a.json',
      '\uFEFF{\n\t"apiVersion": "v1",\n\t"kind": "ConfigMap"\n}',
    );
    expect(problems).toEqual([]);
    expect(documents[0]?.positionOf('kind')).toEqual({ line: 3, column: 2 });
  });

  test('unfolds a List as kubectl does', () => {
    const text =
      'apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}}\n- apiVersion: v1\n  kind: ConfigMap\n';
    const { documents, problems } = readManifestText('a.yaml', text);
    expect(problems).toEqual([]);
    expect(documents.map(({ index, position, value }) => [index, position, value.kind])).toEqual([
      [0, { line: 4, column: 3 }, 'Secret'],
      [1, { line: 5, column: 3 }, 'ConfigMap'],
    ]);
    expect(documents[0]?.positionOf('metadata.name')).toEqual({ line: 4, column: 45 });
  });

  test('a broken item of a List hides no other', () => {
    const text = 'apiVersion: v1\nkind: List\nitems:\n- 5\n- {apiVersion: v1, kind: ConfigMap}\n';
    const { documents, problems } = readManifestText('a.yaml', text);
    expect(documents).toHaveLength(1);
    expect(problems).toMatchObject([{ position: { line: 4, column: 3 } }]);
  });

  test('copies what aliases share', () => {
    const text = `${configMap}a: &x {b: [1]}\nc: *x\n`;
    const { documents } = readManifestText('a.yaml', text);
    const value = documents[0]?.value as { a: { b: number[] }; c: { b: number[] } };
    value.a.b.push(2);
    expect(value.c).toEqual({ b: [1] });
  });

  test.each([
    ['spec.tls.mode', 5, 9],
    ['spec.pins[1]', 6, 15],
    ['spec.list[1].name', 9, 5],
    ['data.ca.crt', 10, 15],
    ['data', 10, 1],
    ['spec.tls.absent.deep', 5, 3],
    ['nowhere', 1, 1],
    ['', 1, 1],
  ])('knows where %s stands', (fieldPath, line, column) => {
    const text = [
      'apiVersion: v1',
      'kind: ConfigMap',
      'spec:',
      '  # a comment',
      '  tls: {mode: None}',
      '  pins: [\'a\', "b"]',
      '  list:',
      '  - name: one',
      '  - name: two',
      'data: {ca: a, ca.crt: b}',
    ];
    for (const ending of ['\n', '\r\n', '\r']) {
      const [document] = readManifestText('a.yaml', text.join(ending)).documents;
      expect(document?.positionOf(fieldPath)).toEqual({ line, column });
    }
  });

  test.each([
    ['an alias bomb', bomb(), 'aliases expand to more than 100000 values; write out what is meant'],
    ['aliases one in the other', tower(), 'aliases nest more than 100 levels deep; write out what is meant'],
    ['an anchor within itself', 'a: &x [*x]', 'an anchor contains itself'],
    ['depth', '- '.repeat(150), 'it nests more than 100 levels deep'],
    ['brackets without end', '['.repeat(100_000), 'it nests more than 100 levels deep'],
    ['a key twice', 'a: 1\na: 2', 'the key stands here a second time; a mapping holds a key once'],
    ['a tab', 'a:\n\tb: 1', 'a tab may not indent YAML; use spaces'],
    ['a NUL character', 'a: "\u0000"', 'it holds a control character that YAML does not allow'],
    ['a list as key', '? [a]\n: b', 'a key must be text'],
    ['text', 'hello', 'it is no Kubernetes object: it must be a mapping with apiVersion and kind'],
    ['no kind', 'apiVersion: v1', 'it is no Kubernetes object: kind must be set to text'],
    ['a kind that is a number', 'apiVersion: v1\nkind: 5', 'it is no Kubernetes object: kind must be set to text'],
    ['not-a-number', `${configMap}a: .nan`, 'infinity and not-a-number have no place in a Kubernetes object'],
    ['a null key', `${configMap}~: a`, 'the key is null; a key must be text'],
  ])('refuses %s with a place and in words', (_, text, message) => {
    const { documents, problems } = readManifestText('a.yaml', text);
    expect(documents).toEqual([]);
    expect(problems).toMatchObject([{ message, warning: false, position: { line: expect.any(Number) } }]);
  });

  test('refuses a file of 5 MB unread', () => {
    const { documents, problems } = readManifestText('a.yaml', `${configMap}a: ${'x'.repeat(5 * 1024 * 1024)}`);
    expect(documents).toEqual([]);
    expect(problems).toMatchObject([
      { message: 'it is 5.0 MiB; at most 4 MiB of one file are read. Split it into several files' },
    ]);
  });

  test.each([
    ['on: 1', 'on', 'kubectl reads the key on as true (YAML 1.1); put it in quotes'],
    ['a: yes', 'a', 'kubectl reads yes as true (YAML 1.1); write true, or put it in quotes where text is meant'],
    ['a: 014', 'a', 'kubectl reads 014 as 12 (YAML 1.1); write 12, or put it in quotes where text is meant'],
    ['a: 9007199254740993', 'a', 'the integer is beyond 2^53 and would lose digits; put it in quotes'],
    [
      'a: {<<: {b: 1}}',
      'a.<<',
      'kubectl merges what << refers to into this mapping (YAML 1.1); here it is a key like any other. Write the fields out',
    ],
    ['data: {a: 0777}', 'data.a', 'kubectl reads this value as no text (YAML 1.1); put it in quotes'],
  ])('warns that kubectl reads %s otherwise', (line, fieldPath, message) => {
    const { documents, problems } = readManifestText('a.yaml', `${configMap}${line}\n`);
    expect(documents).toHaveLength(1);
    expect(problems).toMatchObject([{ fieldPath, message, warning: true, object: 'ConfigMap', position: { line: 3 } }]);
  });

  test.each([
    'a: "yes"',
    "a: 'on'",
    'a: true',
    'a: 12:30:45',
    'a: 2026-11-24',
    'a: 0o14',
    '"on": 1',
    'a: |\n  yes',
    'a: !!str 014',
  ])('has nothing to say of %s', (line) => {
    expect(readManifestText('a.yaml', `${configMap}${line}\n`)).toMatchObject({ documents: [{}], problems: [] });
  });

  test('repeats nothing of a password without quotes', () => {
    for (const text of ['*hunter2', '!hunter2', '%hunter2', '@hunter2', '&hunter2 *hunter2', '"hunter2', '[hunter2']) {
      const { problems } = readManifestText(
        'a.yaml',
        `apiVersion: v1\nkind: Secret\nstringData:\n  password: ${text}\n`,
      );
      expect(problems.length).toBeGreaterThan(0);
      expect(JSON.stringify(problems)).not.toContain('hunter2');
    }
  });

  test('says that there are more problems rather than a million of them', () => {
    const { problems } = readManifestText('a.yaml', 'x\n---\n'.repeat(10_000));
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toMatchObject({ message: '9900 more problems of this file are not shown', warning: false });
  });

  test('a key named __proto__ is a key like any other', () => {
    const { documents } = readManifestText('a.yaml', `${configMap}data: {__proto__: x}\n`);
    expect(Object.entries(documents[0]?.value.data ?? {})).toEqual([['__proto__', 'x']]);
    expect(Object.getPrototypeOf(documents[0]?.value.data)).toBe(Object.prototype);
  });

  test('never throws, whatever the text', () => {
    const yamlish = fc.array(
      fc.constantFrom(
        'a',
        ':',
        ' ',
        '\n',
        '- ',
        '[',
        ']',
        '{',
        '}',
        '"',
        "'",
        '|',
        '>',
        '&x',
        '*x',
        '---\n',
        '...\n',
        '%',
        '!',
        '#',
        '\t',
        '\r',
        '<<: ',
        '? ',
        '~',
        '0',
      ),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          yamlish.map((parts) => parts.join('')),
        ),
        (text) => {
          const { documents, problems } = readManifestText('a.yaml', text);
          for (const { position } of [...documents, ...problems]) expect(position?.line).toBeGreaterThan(0);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test('reads back what was written, and finds every field', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/), fc.jsonValue()), (value) => {
        // As JSON has it: YAML knows a negative zero too.
        const spec = JSON.parse(JSON.stringify(value));
        const { documents } = readManifestText('a.yaml', dump({ apiVersion: 'v1', kind: 'X', spec }));
        expect(documents[0]?.value.spec).toEqual(spec);
        for (const key of Object.keys(spec)) expect(documents[0]?.positionOf(`spec.${key}`).line).toBeGreaterThan(3);
      }),
    );
  });
});

/** Ten lists of ten aliases each: ten thousand million values. */
function bomb(): string {
  const lines = Array.from({ length: 10 }, (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level},`.repeat(10)}]`);
  return ['a0: &a0 [x]', ...lines].join('\n');
}

function tower(): string {
  const lines = Array.from({ length: 200 }, (_, level) => `- &a${level + 1} [*a${level}]`);
  return ['- &a0 []', ...lines].join('\n');
}
