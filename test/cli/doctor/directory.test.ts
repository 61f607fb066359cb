// `relaykeeper doctor --directory` beside a running operator, and on directories that lack something.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Checked } from '../../../src/cli/doctor/finding.ts';
import { plain, startServer } from '../../relays/servers.ts';
import { declareRelay } from '../../relays/world.ts';
import { type Folders, newFolders, writeFile } from '../../store/directory/opened-store.ts';
import { useProgram } from '../program.ts';

const program = useProgram();
const of = ({ directory, stateDirectory }: Folders) => ['--directory', directory, '--state', stateDirectory];

async function examine(folders: Folders, ...args: readonly string[]) {
  const { code, stdout, stderr } = await program.run(['doctor', ...of(folders), '-o', 'json', ...args]);
  expect(stderr).toBe('');
  const { ok, checks } = JSON.parse(stdout) as { ok: boolean; checks: readonly Checked[] };
  expect(code).toBe(ok ? 0 : 1);
  return { code, checks, of: (name: string) => checks.filter(({ check }) => check === name) };
}

/** Whether this machine has a resolver is not for this test to say: dns.test.ts brings its own. */
function wrongIn(checks: readonly Checked[]): readonly Checked[] {
  return checks.filter(({ check, verdict }) => verdict !== 'ok' && check !== 'DNS');
}

async function withRelay(host = '127.0.0.1'): Promise<Folders> {
  const folders = newFolders();
  const server = await startServer();
  declareRelay(folders, { name: 'good', spec: { ...plain(server.port), host } });
  return folders;
}

test('beside an operator that runs all is in order', async () => {
  const folders = await withRelay();
  const operator = program.start(['run', ...of(folders), '--webhook-listen', '127.0.0.1:0']);
  await operator.printed(/Alarms are taken at (http:\S+)\/v1/);
  await operator.printed(/good: .*Ready|good .*True/);
  const url = /Alarms are taken at (http:\S+)\/v1/.exec(operator.stdout())?.[1] ?? '';
  const { checks, of: found } = await examine(folders, '--webhook-url', url);
  expect(wrongIn(checks)).toEqual([]);
  expect(found('lock')[0]?.message).toMatch(new RegExp(`^Process ${operator.pid} on .* runs the operator\\.$`));
  expect(found('webhook')[0]?.message).toBe(`The alarm webhook answers at ${url}/.`);
  for (const name of ['outbox', 'ledger', 'deliveries', 'alarm journal', 'disk', 'operator key', 'DNS']) {
    expect(found(name), name).not.toEqual([]);
  }
});

test('as text it has a line each, and says how it ended', async () => {
  const folders = await withRelay();
  const { stdout } = await program.run(['doctor', ...of(folders)]);
  expect(stdout).toMatch(/^✓ manifests: All 1 files are valid\.$/m);
  expect(stdout).toMatch(/^! lock: No operator runs\.$/m);
  expect(stdout).toMatch(/^(Noth|Someth)ing .* to be mended: \d+ in order, \d+ to look at \(!\), \d wrong \(✗\)\.$/m);
});

test('a lock whose holder was killed is told of', async () => {
  const folders = await withRelay();
  const operator = program.start(['run', ...of(folders)]);
  await operator.printed(/good/);
  operator.signal('SIGKILL');
  await operator.ended;
  const { of: found } = await examine(folders);
  expect(found('lock')[0]).toMatchObject({
    verdict: 'warning',
    message: expect.stringMatching(new RegExp(`process ${operator.pid} .* held the lock and ended`)),
  });
});

test('a manifest that is wrong is named with its place', async () => {
  const folders = await withRelay();
  writeFile(
    folders.directory,
    'bad.yaml',
    'apiVersion: relaykeeper.dev/v1alpha1\nkind: SmtpRelay\nmetadata: { name: bad }\nspec: { hots: x }\n',
  );
  const { code, of: found } = await examine(folders);
  expect(code).toBe(1);
  expect(found('manifests')[0]).toMatchObject({
    verdict: 'failed',
    message: expect.stringMatching(/bad\.yaml:4:\d+: /),
  });
});

test('a host that cannot be is named with its relay', async () => {
  const folders = await withRelay('no-such-host.invalid');
  const { code, of: found } = await examine(folders);
  expect(code).toBe(1);
  const failed = found('DNS').filter(({ verdict }) => verdict === 'failed');
  expect(failed.map(({ message }) => message).join()).toMatch(/The host of mail\/good cannot be resolved|resolver/);
});

test('a damaged key, a key that others can read, a damaged ledger and journal are told of', async () => {
  const folders = await withRelay();
  mkdirSync(folders.stateDirectory, { recursive: true });
  writeFileSync(join(folders.stateDirectory, 'key'), Buffer.alloc(32), { mode: 0o644 });
  chmodSync(join(folders.stateDirectory, 'key'), 0o644);
  expect((await examine(folders)).of('operator key')[0]).toMatchObject({
    verdict: 'warning',
    message: expect.stringContaining('can be read by others (mode 644)'),
  });

  writeFileSync(join(folders.stateDirectory, 'key'), 'short');
  for (const folder of ['ledger', 'alarms']) mkdirSync(join(folders.stateDirectory, folder));
  writeFileSync(join(folders.stateDirectory, 'ledger', '1700000000000-abc'), 'no segment');
  writeFileSync(join(folders.stateDirectory, 'alarms', 'alarms-000000000001'), 'no segment');
  const { code, of: found } = await examine(folders);
  expect(code).toBe(1);
  expect(found('operator key')[0]).toMatchObject({ verdict: 'failed', message: expect.stringContaining('is damaged') });
  expect(found('ledger')).toContainEqual(
    expect.objectContaining({ verdict: 'failed', message: expect.stringContaining('is damaged') }),
  );
  expect(found('alarm journal')[0]).toMatchObject({ verdict: 'failed' });
});

// Nobody can make a file there, not even root; and no block of it is free.
test.skipIf(process.platform !== 'linux')(
  'a state directory that cannot be written, without room, is told of',
  async () => {
    const { directory } = await withRelay();
    const { code, of: found } = await examine({ directory, stateDirectory: '/proc/relaykeeper' });
    expect(code).toBe(1);
    expect(found('state directory')[0]).toMatchObject({
      verdict: 'failed',
      message: expect.stringMatching(/^\/proc cannot be written: /),
    });
    expect(found('disk')[0]).toMatchObject({ verdict: 'failed', message: '0 B are free where /proc/relaykeeper is.' });
  },
);

test('a file in the place of the state directory is refused in words', async () => {
  const folders = await withRelay();
  const state = join(folders.directory, 'state.txt');
  writeFileSync(state, '');
  const { stderr, code } = await program.run(['doctor', '--directory', folders.directory, '--state', state]);
  expect(stderr).toMatch(
    /^error: The state directory .*state\.txt cannot be used: .*\. Give a writable one with --state\.$/m,
  );
  expect(code).toBe(2);
});

test('something else at the webhook, or nothing, is told of', async () => {
  const folders = await withRelay();
  const other = createServer((_, response) => response.writeHead(404).end());
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const first = await examine(folders, '--webhook-url', url);
  expect(first.of('webhook')[0]).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('something else answers (HTTP 404)'),
  });
  const closed = new Promise((resolve) => other.close(resolve));
  onTestFinished(() => void closed);
  await closed;
  const second = await examine(folders, '--webhook-url', url);
  expect(second.of('webhook')[0]).toMatchObject({
    verdict: 'failed',
    message: expect.stringContaining('ECONNREFUSED'),
  });
});

test.each([
  [['--directory', '/nowhere/at/all'], /\/nowhere\/at\/all/],
  [['--directory', '.', '--service-account', 'x'], /--service-account is about a cluster/],
  [['--directory', '.', '--context', 'x'], /--context is about a cluster/],
  [['--state', '.'], /--state goes with --directory/],
  [['--webhook-url', 'alarms.example.com'], /It must be a URL/],
])('%j is refused in words', async (args, words) => {
  const { code, stderr } = await program.run(['doctor', ...args]);
  expect(stderr).toMatch(words);
  expect(code).toBe(2);
});
