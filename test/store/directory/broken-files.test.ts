import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually } from '../eventually.ts';
import { newFolders, openedStore, relayText, secretText, writeFile } from './opened-store.ts';

const bomb = `a: &a [x, x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b]
d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c]
e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d]
f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e]
g: &g [*f, *f, *f, *f, *f, *f, *f, *f, *f]
`;

describe('a file that turns bad keeps what it last declared, is told, and the others go on', () => {
  test.each<[string, string | Buffer, RegExp]>([
    ['no YAML', 'kind: [SmtpRelay', /one\.yaml:1:/],
    [
      'an alias bomb',
      relayText('one').replace('spec:', `spec:\n  x: &a [1]\n  y: *a\n`) + bomb.replaceAll(/^/gm, '  '),
      /one\.yaml:\d+:/,
    ],
    ['a circle of aliases', relayText('one').replace('spec:', 'spec: &loop\n  again: *loop'), /one\.yaml:\d+:/],
    ['a NUL', `${relayText('one')}  ehloName: "a\0b"\n`, /one\.yaml:8:/],
    ['no UTF-8', Buffer.from([0x61, 0x3a, 0xff, 0xfe]), /UTF-8/],
    [
      'a name that leads elsewhere',
      relayText('../../etc/one'),
      /one\.yaml:4:\d+: SmtpRelay .*: metadata\.name: .*no valid name/,
    ],
    ['no name', relayText('one').replace('  name: one\n', ''), /metadata\.name: It is missing/],
    [
      'a namespace that leads elsewhere',
      relayText('one').replace('namespace: mail', 'namespace: ../mail'),
      /metadata\.namespace/,
    ],
    ['more than 4 MiB', `# ${'x'.repeat(5 * 1024 * 1024)}`, /5\.0 MiB; at most 4 MiB/],
  ])('%s', async (_name, bad, words) => {
    const opened = await openedStore();
    const file = opened.write('one.yaml', relayText('one'));
    opened.write('two.yaml', relayText('two'));
    await eventually('both', () => opened.host('one') && opened.host('two'));

    writeFileSync(file, bad);
    const message = await eventually('the problem', () => opened.problems.get(file));
    expect(message).toMatch(words);
    expect(opened.host('one')).toBe('one.example.com');

    opened.write('two.yaml', relayText('two', 'other.example.com'));
    await eventually('the other file', () => opened.host('two') === 'other.example.com');

    writeFileSync(file, relayText('one', 'mended.example.com'));
    await eventually('the mended file', () => opened.host('one') === 'mended.example.com');
    await eventually('the end of the problem', () => opened.problems.size === 0);
  });

  test('of several documents only the bad one is kept as it was', async () => {
    const opened = await openedStore();
    const file = opened.write('all.yaml', `${relayText('one')}---\n${relayText('two')}---\n${relayText('three')}`);
    await eventually('all three', () => opened.host('three'));
    writeFileSync(
      file,
      `${relayText('one', 'new.example.com')}---\nkind: [\n---\n${relayText('three', 'new.example.com')}`,
    );
    await eventually('the good ones', () => opened.host('one') === 'new.example.com');
    expect(opened.host('two')).toBe('two.example.com');
    expect(opened.host('three')).toBe('new.example.com');
    expect(opened.problems.get(file)).toMatch(/all\.yaml:9:/);
  });

  test('a Secret in bad base64 is named by its field, its value never', async () => {
    const opened = await openedStore();
    const text = secretText('login', 'hunter2!').replace('stringData', 'data');
    const file = opened.write('secret.yaml', text);
    const message = await eventually('the problem', () => opened.problems.get(file));
    expect(message).toBe(
      `${file}:9:3: Secret mail/login: data.password: The value is no base64 (RFC 4648 section 4); plain text belongs under stringData.`,
    );
    expect(message).not.toContain('hunter2');
    expect(await opened.store.read({ kind: 'Secret', namespace: 'mail', name: 'login' })).toEqual({ kind: 'missing' });
  });

  test('a Secret whose file turns bad is there but cannot be read, with the reason', async () => {
    const opened = await openedStore();
    const file = opened.write('secret.yaml', secretText('login', 'first'));
    const reference = { kind: 'Secret', namespace: 'mail', name: 'login' } as const;
    await eventually('the Secret', async () => (await opened.store.read(reference)).kind === 'found');
    writeFileSync(file, 'kind: [');
    await eventually('the problem', () => opened.problems.get(file));
    const read = await opened.store.read(reference);
    expect(read).toEqual({
      kind: 'unavailable',
      message: `Secret mail/login is not in ${file} at present, or hidden by an error there.`,
    });
  });
});

test('a file written in two halves is never seen halfway', async () => {
  const opened = await openedStore();
  const whole = `${relayText('one')}---\n${relayText('two')}`;
  const file = opened.write('both.yaml', whole);
  await eventually('both', () => opened.host('two'));
  opened.woken.length = 0;
  const changed = whole.replace('one.example.com', 'new.example.com');
  // The first half is whole YAML, with one relay fewer.
  writeFileSync(file, changed.slice(0, changed.indexOf('---')));
  await new Promise((resolve) => setTimeout(resolve, 30));
  writeFileSync(file, changed);
  await eventually('the change', () => opened.host('one') === 'new.example.com');
  expect(opened.woken).toEqual(['mail/one']);
  expect(opened.host('two')).toBe('two.example.com');
});

test('a volume whose ..data is swapped is read anew', async () => {
  const folders = newFolders();
  const { directory } = folders;
  writeFile(directory, '..1/relay.yaml', relayText('one'));
  writeFile(directory, '..2/relay.yaml', relayText('one', 'new.example.com'));
  symlinkSync('..1', join(directory, '..data'));
  symlinkSync('..data/relay.yaml', join(directory, 'relay.yaml'));
  const opened = await openedStore(folders);
  expect(opened.host('one')).toBe('one.example.com');
  symlinkSync('..2', join(directory, '..data_tmp'));
  renameSync(join(directory, '..data_tmp'), join(directory, '..data'));
  await eventually('the new version', () => opened.host('one') === 'new.example.com');
  expect(opened.problems.size).toBe(0);
});

test('a file that cannot be read keeps what it declared, and is told', async () => {
  const opened = await openedStore();
  const file = opened.write('one.yaml', relayText('one'));
  await eventually('the relay', () => opened.host('one'));
  rmSync(file);
  execFileSync('mkfifo', [file]);
  const message = await eventually('the problem', () => opened.problems.get(file));
  expect(message).toBe(`${file}: It is no regular file and is left out.`);
  expect(opened.host('one')).toBe('one.example.com');
  rmSync(file);
  await eventually('its going', () => opened.get('one') === undefined && opened.problems.size === 0);
});

test('a directory that is removed keeps what it declared, is told, and is read again once it is back', async () => {
  const opened = await openedStore();
  opened.write('one.yaml', relayText('one'));
  await eventually('the relay', () => opened.host('one'));
  rmSync(opened.directory, { recursive: true });
  await eventually(
    'the problem',
    () => opened.problems.get(opened.directory) === `${opened.directory}: It does not exist.`,
  );
  expect(opened.host('one')).toBe('one.example.com');
  mkdirSync(opened.directory);
  opened.write('one.yaml', relayText('one', 'new.example.com'));
  await eventually('the new version', () => opened.host('one') === 'new.example.com');
  expect(opened.problems.size).toBe(0);
});

test('of two files that declare one name the first by path counts, and both places are told', async () => {
  const opened = await openedStore();
  const later = opened.write('b.yaml', relayText('one', 'b.example.com'));
  await eventually('the relay', () => opened.host('one'));
  const earlier = opened.write('a.yaml', `# a comment\n${relayText('one', 'a.example.com')}`);
  const message = await eventually('the problem', () => opened.problems.get('SmtpRelay mail/one'));
  expect(message).toBe(
    `SmtpRelay mail/one is declared 2 times: ${earlier}:2, ${later}:1. The first counts; remove the others or rename them.`,
  );
  await eventually('the first', () => opened.host('one') === 'a.example.com');
  rmSync(earlier);
  await eventually('the other', () => opened.host('one') === 'b.example.com');
  expect(opened.problems.size).toBe(0);
});

test('a warning is told as such, and what it is about is used', async () => {
  const opened = await openedStore();
  const file = opened.write('one.yaml', `${relayText('one')}  suspend: yes\n`);
  const message = await eventually('the warning', () => opened.problems.get(`${file} (warnings)`));
  expect(message).toMatch(/^warning: .*one\.yaml:8:/);
  expect(opened.problems.size).toBe(1);
  await eventually('the relay', () => opened.host('one') === 'one.example.com');
});

test('a thousand files are read, and of one change only its relay is told', async () => {
  const folders = newFolders();
  for (let i = 0; i < 1000; i += 1) writeFile(folders.directory, `d${i % 10}/r${i}.yaml`, relayText(`r${i}`));
  const opened = await openedStore(folders);
  expect(opened.store.list()).toHaveLength(1000);
  opened.write('d7/r437.yaml', relayText('r437', 'new.example.com'));
  await eventually('the change', () => opened.host('r437') === 'new.example.com');
  expect(opened.woken).toEqual(['mail/r437']);
});
