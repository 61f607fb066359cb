// `relaykeeper probe` ("Test Connection") as a process of its own: its forms, flags, output and exit codes.
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Authority, createAuthority } from '../../demo/authority.ts';
import { startHttpListener, unusedPort } from '../../demo/other-listeners.ts';
import { type Listener, type SmtpListenerOptions, startSmtpListener } from '../../demo/smtp-listener.ts';
import { isObject } from '../../src/api/json.ts';
import { relaySchema } from '../../src/api/schema.ts';
import { plain, startServer, withLogin } from '../relays/servers.ts';
import { declareRelay, declareSecret } from '../relays/world.ts';
import { newFolders, writeFile } from '../store/directory/opened-store.ts';
import { temporaryDirectory } from '../store/directory/temporary-directory.ts';
import { type Ended, useProgram } from './program.ts';

const program = useProgram();
const login = { username: 'relay', password: 'correct horse' };

let authority: Authority;
let listeners: Record<'none' | 'startTls' | 'implicit' | 'otherName' | 'withLogin', Listener>;
beforeAll(async () => {
  authority = await createAuthority();
  const certificate = await authority.issue({ ipAddresses: ['127.0.0.1'] });
  const other = await authority.issue({ dnsNames: ['mail.example.com'] });
  const start = (options: SmtpListenerOptions) => startSmtpListener(options);
  const [none, startTls, implicit, otherName, withLogin] = await Promise.all([
    start({ tls: { mode: 'None' } }),
    start({ tls: { mode: 'StartTls', certificate } }),
    start({ tls: { mode: 'Implicit', certificate } }),
    start({ tls: { mode: 'StartTls', certificate: other } }),
    start({ tls: { mode: 'StartTls', certificate }, login }),
  ]);
  listeners = { none, startTls, implicit, otherName, withLogin };
  return () => Promise.all(Object.values(listeners).map(({ stop }) => stop()));
});

function ca(): string {
  return writeFile(temporaryDirectory(), 'ca.pem', authority.certificatePem);
}

function at({ port }: { readonly port: number }, ...flags: string[]): string[] {
  return ['probe', '--host', '127.0.0.1', '--port', String(port), '--timeout', '5s', ...flags];
}

describe('probe --host', () => {
  test.each<[string, () => string[]]>([
    ['--tls None', () => at(listeners.none, '--tls', 'None')],
    ['--tls StartTls and --ca', () => at(listeners.startTls, '--ca', ca())],
    ['--tls Implicit and --ca', () => at(listeners.implicit, '--tls', 'Implicit', '--ca', ca())],
    ['--tls Opportunistic on a server that is not trusted', () => at(listeners.startTls, '--tls', 'Opportunistic')],
    ['--server-name', () => at(listeners.otherName, '--ca', ca(), '--server-name', 'mail.example.com')],
    ['--depth Connect on a server that is not trusted', () => at(listeners.startTls, '--depth', 'Connect')],
    [
      '--depth Envelope, --from and --to',
      () =>
        at(listeners.none, '--tls', 'None', '--depth', 'Envelope', '--from', 'a@example.com', '--to', 'b@example.com'),
    ],
    [
      '--depth Message',
      () =>
        at(listeners.none, '--tls', 'None', '--depth', 'Message', '--from', 'a@example.com', '--to', 'b@example.com'),
    ],
    ['--ehlo-name', () => at(listeners.none, '--tls', 'None', '--ehlo-name', 'relay.example.com')],
  ])('succeeds with %s', async (_, args) => {
    const { code, stdout, stderr } = await program.run(args());
    expect(stdout).toMatch(/^ {2}✓ Connect {2,}\S+ {2}127\.0\.0\.1:\d+$/m);
    expect(stdout).toContain('Successfully connected to');
    expect(stdout).not.toContain('✗');
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test('says by --ehlo-name who it is', async () => {
    const { stdout } = await program.run(at(listeners.none, '--tls', 'None', '--ehlo-name', 'me.example.com', '-v'));
    expect(stdout).toContain('C: EHLO me.example.com');
  });

  test.each<[string, () => string[]]>([
    ['Auto', () => []],
    ['Plain', () => ['--mechanism', 'Plain']],
    ['Login', () => ['--mechanism', 'Login']],
  ])('logs in with the password of a file, mechanism %s', async (mechanism, flags) => {
    const file = writeFile(temporaryDirectory(), 'password', `${login.password}\n`);
    const given = ['--ca', ca(), '--username', login.username, '--password-file', file, ...flags()];
    const { code, stdout } = await program.run(at(listeners.withLogin, ...given, '-o', 'json'));
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: 'Succeeded',
      mechanism: mechanism === 'Login' ? 'LOGIN' : 'PLAIN',
    });
    expect(code).toBe(0);
  });

  test('logs in with the password from standard input, and -v shows all but that', async () => {
    const given = ['--ca', ca(), '--username', login.username, '--password-stdin', '-v'];
    const { code, stdout } = await program.run(at(listeners.withLogin, ...given), { input: `${login.password}\n` });
    expect(stdout).toContain('C: AUTH PLAIN <redacted>');
    expect(stdout).toMatch(/^ {2}S: 235 /m);
    expect(stdout).not.toContain(login.password);
    expect(code).toBe(0);
  });

  test('a wrong password fails with what the server said and what to do', async () => {
    const given = ['--ca', ca(), '--username', login.username, '--password-stdin'];
    const { code, stdout } = await program.run(at(listeners.withLogin, ...given), { input: 'wrong' });
    expect(stdout).toMatch(/^ {2}✗ Auth/m);
    expect(stdout).toContain('Failed at Auth: AuthenticationFailed');
    expect(stdout).toContain('--username and --password-stdin');
    expect(code).toBe(1);
  });

  test('a server that is not trusted is shown with its chain', async () => {
    const { code, stdout } = await program.run(at(listeners.startTls));
    expect(stdout).toContain('Certificate chain (not trusted)');
    expect(stdout).toMatch(/SHA-256 [0-9A-F:]{64,}/i);
    expect(stdout).toContain('Failed at Tls: CertificateUntrusted');
    expect(code).toBe(1);
  });

  test('nothing that listens, or something else that does, fails and says so', async () => {
    const refused = await program.run(at({ port: await unusedPort() }));
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('Failed at Connect: ConnectionRefused') });
    const http = await startHttpListener();
    const web = await program.run(at(http, '--tls', 'None', '--timeout', '2s'));
    await http.stop();
    expect(web).toMatchObject({ code: 1, stdout: expect.stringContaining('speaks HTTP, not SMTP') });
  });

  test('--timeout bounds how long a silent server is waited for', async () => {
    const server = await startServer(() => undefined);
    const { code, stdout } = await program.run(at(server, '--tls', 'None', '--timeout', '300ms'));
    expect(stdout).toContain('GreetingTimedOut');
    expect(code).toBe(1);
  });
});

describe('-o json', () => {
  test.each<[string, () => string[]]>([
    ['a success', () => at(listeners.startTls, '--ca', ca())],
    ['a failure', () => at(listeners.startTls)],
    [
      'a success with senders',
      () =>
        at(listeners.none, ...['--tls', 'None', '--depth', 'Envelope', '--from', 'a@b.example', '--to', 'c@d.example']),
    ],
  ])('prints exactly status.lastProbe of %s', async (_, args) => {
    const { stdout } = await program.run([...args(), '-o', 'json']);
    expect(faultsOf(JSON.parse(stdout))).toEqual([]);
  });

  test('is held to the schema here', () => {
    expect(faultsOf({ outcome: 'Succeeded', more: 1 })).not.toEqual([]);
  });
});

/** What the CRD does not allow in status.lastProbe, unknown fields too. */
function faultsOf(report: unknown): unknown[] {
  const schema = relaySchema.properties?.status?.properties?.lastProbe;
  const check = new Ajv({ strict: false, allErrors: true, formats: { 'date-time': true, int32: true, int64: true } });
  const valid = check.compile(closed(schema) as object);
  valid(report);
  return valid.errors ?? [];
}

function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (!isObject(schema)) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, closed(part)]));
  return isObject(schema.properties) ? { ...parts, additionalProperties: false } : parts;
}

describe('probe -f', () => {
  async function manifests() {
    const folders = newFolders();
    const server = await startServer({ capabilities: ['AUTH PLAIN'] });
    declareSecret(folders, { name: 'login', type: 'kubernetes.io/basic-auth', data: login });
    declareRelay(folders, { name: 'good', spec: withLogin(server.port, 'login') });
    declareRelay(folders, { name: 'bad', spec: plain(await unusedPort()) });
    declareRelay(folders, { name: 'lacking', spec: withLogin(server.port, 'missing') });
    declareRelay(folders, { name: 'invalid', spec: plain(0) });
    return { directory: folders.directory, server };
  }

  test('probes the one that is named, with the Secrets beside it', async () => {
    const { directory, server } = await manifests();
    const { code, stdout } = await program.run(['probe', '-f', directory, 'good']);
    expect(stdout).toContain('Successfully connected');
    expect(server.logins()).toBe(1);
    expect(code).toBe(0);
  });

  test('probes all of several files, prints an array, and fails where one fails', async () => {
    const { directory } = await manifests();
    const files = ['-f', `${directory}/login.yaml`, '-f', `${directory}/good.yaml`, '-f', `${directory}/bad.yaml`];
    const { code, stdout } = await program.run(['probe', ...files, '-o', 'json']);
    const reports: { outcome: string }[] = JSON.parse(stdout);
    expect(reports.map(({ outcome }) => outcome)).toEqual(['Succeeded', 'Failed']);
    expect(reports.flatMap(faultsOf)).toEqual([]);
    expect(code).toBe(1);
  });

  test('takes flags that a declared relay may be probed with in another way', async () => {
    const { directory, server } = await manifests();
    const { code } = await program.run(['probe', '-f', directory, 'good', '--depth', 'Connect']);
    expect(code).toBe(0);
    expect(server.logins()).toBe(0);
  });

  test.each<[string, string[], string]>([
    ['a name that no file has', ['nobody'], 'there is no SmtpRelay "nobody"'],
    ['a flag that the spec says', ['good', '--port', '25'], '--port goes with --host'],
    ['two names', ['good', 'bad'], 'one name at a time: good bad'],
  ])('%s is unusable', async (_, args, says) => {
    const { directory } = await manifests();
    expectUnusable(await program.run(['probe', '-f', directory, ...args]), says);
  });

  test.each<[string, string, string]>([
    ['a Secret that is missing', 'lacking', 'Secret "missing" does not exist'],
    ['a spec that cannot be used', 'invalid', 'spec.port'],
  ])('%s fails the test of that relay', async (_, name, says) => {
    const { directory } = await manifests();
    const { code, stdout, stderr } = await program.run(['probe', '-f', directory, name, '-o', 'json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(says);
  });
});

describe('unusable arguments', () => {
  test.each<[string, string[], string]>([
    ['nothing to probe', [], 'nothing to probe'],
    ['a scheme in the host', ['--host', 'smtp://mail.example.com'], 'give a host name or IP address alone'],
    ['a port in the host', ['--host', 'mail.example.com:25'], 'the port goes with --port'],
    ['a port out of range', ['--host', 'h', '--port', '65536'], '65536'],
    ['an unknown mode', ['--host', 'h', '--tls', 'ssl'], 'Implicit'],
    ['a user without a password', ['--host', 'h', '--username', 'u'], '--username needs'],
    ['a password without a user', ['--host', 'h', '--password-stdin'], 'need --username'],
    ['two passwords', ['--host', 'h', '--username', 'u', '--password-stdin', '--password-file', 'x'], 'cannot be used'],
    ['an empty password', ['--host', 'h', '--username', 'u', '--password-stdin'], 'the password is empty'],
    [
      'a password file that is not there',
      ['--host', 'h', '--username', 'u', '--password-file', '/no/such'],
      '/no/such',
    ],
    ['a CA file that is none', ['--host', 'h', '--ca', '/dev/null'], '--ca /dev/null'],
    ['Envelope without addresses', ['--host', 'h', '--depth', 'Envelope'], 'needs --from and --to'],
    ['a file that is not there', ['-f', '/no/such.yaml'], '/no/such.yaml'],
    ['--host beside a name', ['--host', 'h', 'name'], '--host goes without a name'],
    ['--in-cluster with -f', ['-f', '.', '--in-cluster'], '--in-cluster goes with the name'],
    ['--depth with --in-cluster', ['name', '--in-cluster', '--depth', 'Tls'], '--depth has no effect'],
    ['--wait without --in-cluster', ['name', '--wait', '5s'], '--wait goes with --in-cluster'],
    [
      'a line break in the sender',
      ['--host', 'h', '--from', 'a@b\r\nRCPT TO:<x@y>', '--to', 'c@d', '--depth', 'Envelope'],
      '--from',
    ],
    ['a line break in the EHLO name', ['--host', 'h', '--ehlo-name', 'a\r\nb'], '--ehlo-name'],
  ])('%s', async (_, args, says) => {
    expectUnusable(await program.run(['probe', ...args]), says);
  });
});

function expectUnusable({ code, stdout, stderr }: Ended, says: string): void {
  expect(stderr).toContain(says);
  expect(stderr).toMatch(/^error: /);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(stdout).toBe('');
  expect(code).toBe(2);
}
