// `relaykeeper validate` as a pull request's check runs it: paths, output and exit codes.
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Io, UnusableArgument } from '../../src/cli/io.ts';
import { validate } from '../../src/cli/validate.ts';
import type { ValidateFlags } from '../../src/cli/validate-command.ts';

const relay = (name: string, more = '') =>
  `apiVersion: relaykeeper.dev/v1alpha1\nkind: SmtpRelay\nmetadata: {name: ${name}}\nspec:\n  host: mail.example.com\n${more}`;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'validate-'));
});
afterEach(() => rm(directory, { recursive: true }));

describe('relaykeeper validate', () => {
  test('exits 0 for what is valid, with one line', async () => {
    await write({ 'a.yaml': relay('a') });
    expect(await run(['a.yaml'])).toEqual({
      code: 0,
      output: '1 relay, 0 policies, 0 Secrets and ConfigMaps in 1 file: valid\n',
    });
  });

  test('exits 1 for what is not, a line a problem', async () => {
    await write({ 'a.yaml': relay('a', '  port: 0\n  prot: 5\n') });
    expect(await run(['a.yaml'])).toEqual({
      code: 1,
      output: [
        'DIR/a.yaml:6:3: error: SmtpRelay default/a: spec.port: Invalid value: 0: spec.port in body should be greater than or equal to 1',
        'DIR/a.yaml:7:3: error: SmtpRelay default/a: spec.prot: unknown field "spec.prot"; did you mean "spec.port"?',
        '1 relay, 0 policies, 0 Secrets and ConfigMaps in 1 file: invalid, 2 errors, 0 warnings',
        '',
      ].join('\n'),
    });
  });

  test('exits 0 where there are only warnings', async () => {
    await write({
      'a.yaml': `${relay('a')}  ehloName: 'relay.example.com'\n  sender: {address: a@example.com, name: yes}\n`.replace(
        'name: yes',
        'name: "1"',
      ),
    });
    await write({ 'b.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\ndata: {a: 2026-11-24}\non: 1\n' });
    const { code, output } = await run(['a.yaml', 'b.yaml']);
    expect(output).toContain('b.yaml:5:1: warning: ConfigMap b: on: kubectl reads the key on as true (YAML 1.1)');
    expect(output).toContain('valid, 0 errors, 1 warning');
    expect(code).toBe(0);
  });

  test('looks into directories, but not at hidden or other files, and reads a file once', async () => {
    await write({
      'a.yaml': relay('a'),
      'x/y/b.yml': relay('b'),
      'c.json': '{"apiVersion":"v1","kind":"Pod"}',
      'x/.hidden.yaml': '[',
      'notes.txt': '[',
    });
    await symlink('..', join(directory, 'x/loop'));
    const { output } = await run(['.', 'a.yaml', './x/../a.yaml']);
    expect(output).toMatch(/^2 relays, .* in 3 files: valid\n$/);
  });

  test('finds no fault with the examples that are shipped', async () => {
    const examples = join(import.meta.dirname, '../../examples');
    const stdout = new PassThrough();
    const stdin = Readable.from([]) as unknown as Io['stdin'];
    const code = await validate([examples], { namespace: 'default', output: 'text' }, { stdin, stdout });
    expect(String(stdout.read())).toMatch(/: valid\n$/);
    expect(code).toBe(0);
  });

  test.each([
    ['is not there', '', 'Secret "token" is not in namespace "default" of the given files'],
    [
      'has another type',
      'type: kubernetes.io/tls\nstringData: {token: a}',
      'Secret "token" has the type kubernetes.io/tls',
    ],
    ['lacks the key', 'stringData: {tokn: a}', 'Secret "token" has no key "token"; it has "tokn"'],
    ['can be used', 'stringData: {token: a}', ': valid'],
  ])('a Secret of a webhook and of the last resort that %s is told', async (_name, secret, said) => {
    const policy =
      'apiVersion: relaykeeper.dev/v1alpha1\nkind: NotificationPolicy\nmetadata: {name: ops}\nspec:\n  relayRef: {name: a}\n  lastResort: {webhookSecretRef: {name: token, key: token}}\n  alarms:\n    - name: all\n      sources: {webhook: {tokenSecretRef: {name: token, key: token}}}\n      notify: {addresses: [a@example.com]}\n';
    const declared = secret === '' ? '' : `---\napiVersion: v1\nkind: Secret\nmetadata: {name: token}\n${secret}\n`;
    await write({ 'a.yaml': relay('a'), 'b.yaml': `${policy}${declared}` });
    const { code, output } = await run(['a.yaml', 'b.yaml']);
    expect(output).toContain(said);
    expect(code).toBe(said === ': valid' ? 0 : 1);
    if (code === 1) {
      expect(output).toContain('spec.lastResort.webhookSecretRef');
      expect(output).toContain('spec.alarms[0].sources.webhook.tokenSecretRef');
    }
  });

  test('judges policies, with the texts of their mails inline and in ConfigMaps', async () => {
    const policy = (template: string) =>
      `apiVersion: relaykeeper.dev/v1alpha1\nkind: NotificationPolicy\nmetadata: {name: guests}\nspec:\n  relayRef: {name: a}\n  credentials:\n    - name: guest\n      selector: {}\n      password: Omit\n      template: {${template}}\n`;
    const texts = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: texts}\ndata: {text.de: "Hallo {{ usrname }}"}\n';
    await write({ 'a.yaml': relay('a'), 'b.yaml': policy('text: "Hello {{ usrname }}"'), 'c.yaml': texts });
    const inline = await run(['.']);
    expect(inline.code).toBe(1);
    expect(inline.output).toMatch(
      /^DIR\/b\.yaml:10:18: error: NotificationPolicy default\/guests: spec\.credentials\[0\]\.template\.text: line 1, column 10: .*usrname.*username/,
    );
    expect(inline.output).toContain(
      '1 relay, 1 policy, 1 Secret or ConfigMap in 3 files: invalid, 1 error, 0 warnings',
    );
    await write({ 'b.yaml': policy('configMapRef: {name: texts}') });
    expect((await run(['.'])).output).toMatch(
      /spec\.credentials\[0\]\.template\.configMapRef: ConfigMap "texts", locale de, text, line 1, column 10: .*usrname/,
    );
    await write({ 'c.yaml': texts.replace('usrname', 'username') });
    expect(await run(['.'])).toMatchObject({ code: 0 });
  });

  test('reads standard input', async () => {
    const { code, output } = await run(['-'], {}, relay('a', '  port: 0\n'));
    expect(output).toMatch(/^standard input:6:3: error: SmtpRelay default\/a: spec\.port: /);
    expect(code).toBe(1);
  });

  test('JSON has every field, null where nothing is known', async () => {
    await write({ 'a.yaml': relay('a', '  port: 0\n'), 'b.yaml': '[' });
    const { code, output } = await run(['a.yaml', 'b.yaml'], { output: 'json' });
    expect(code).toBe(1);
    expect(JSON.parse(output)).toEqual({
      valid: false,
      resources: 1,
      problems: [
        {
          file: 'DIR/a.yaml',
          line: 6,
          column: 3,
          severity: 'error',
          object: 'SmtpRelay default/a',
          fieldPath: 'spec.port',
          reason: 'SchemaInvalid',
          message: 'Invalid value: 0: spec.port in body should be greater than or equal to 1',
        },
        {
          file: 'DIR/b.yaml',
          line: 1,
          column: 2,
          severity: 'error',
          object: null,
          fieldPath: '',
          reason: null,
          message: expect.stringMatching(/^it is not valid YAML/),
        },
      ],
    });
  });

  test('the namespace and missing references are as the flags say', async () => {
    await write({ 'a.yaml': relay('a', '  auth: {secretRef: {name: login}}\n') });
    const { output } = await run(['a.yaml'], { namespace: 'mail' });
    expect(output).toContain(
      'SmtpRelay mail/a: spec.auth.secretRef.name: Secret "login" is not in namespace "mail" of the given files',
    );
    expect(await run(['a.yaml'], { allowMissingReferences: true })).toMatchObject({ code: 0 });
  });

  test('what a file says cannot move the cursor of a terminal', async () => {
    await write({ 'a.yaml': relay('a', '  "\\e[2Jx": 1\n  addressFamily: "\\e[2J\\n"\n') });
    const { output } = await run(['a.yaml']);
    expect(output).not.toContain('\u001b');
    expect(output.trim().split('\n')).toHaveLength(3);
  });

  test('a file of 5 MB and one that is no text are problems of their own', async () => {
    await write({ 'a.yaml': relay('a'), 'b.yaml': `a: ${'x'.repeat(5 * 1024 * 1024)}` });
    await writeFile(join(directory, 'c.yaml'), Buffer.from([0x61, 0xff, 0xfe]));
    const { code, output } = await run(['.']);
    expect(code).toBe(1);
    expect(output).toContain('b.yaml: error: It is 5.0 MiB; at most 4 MiB of one file are read.');
    expect(output).toContain('c.yaml: error: It is no UTF-8 text.');
    expect(output).toContain('1 relay, ');
    expect(await run(['-'], {}, 'x'.repeat(5 * 1024 * 1024))).toMatchObject({ code: 1 });
  });

  test.skipIf(process.getuid?.() === 0)('a file that may not be read is a problem of its own', async () => {
    await write({ 'a.yaml': relay('a'), 'b.yaml': relay('b') });
    await chmod(join(directory, 'b.yaml'), 0);
    expect((await run(['.'])).output).toContain('b.yaml: error: It cannot be read');
  });

  test.each([
    ['a path with nothing there', ['nowhere.yaml'], {}, /there is nothing at .*nowhere\.yaml/],
    ['a directory without manifests', ['.'], {}, /there is no \.yaml, \.yml or \.json file in/],
    ['a namespace that is none', ['.'], { namespace: 'Mail_1' }, /"Mail_1" is no name of a namespace/],
  ])('%s is an unusable argument', async (_, paths, flags, message) => {
    const failure = await run(paths, flags).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(UnusableArgument);
    expect(String(failure)).toMatch(message);
  });
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
}

async function run(paths: readonly string[], flags: Partial<ValidateFlags> = {}, input = '') {
  const stdout = new PassThrough();
  let output = '';
  stdout.on('data', (chunk) => {
    output += chunk;
  });
  const stdin = Readable.from([input]) as unknown as Io['stdin'];
  const places = paths.map((path) => (path === '-' ? path : join(directory, path)));
  const code = await validate(places, { namespace: 'default', output: 'text', ...flags }, { stdin, stdout });
  await new Promise((done) => setImmediate(done));
  return { code, output: output.replaceAll(directory, 'DIR') };
}
