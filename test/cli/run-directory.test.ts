// `relaykeeper run --directory` as a process of its own, with real servers.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unusedPort } from '../../demo/other-listeners.ts';
import { fastest } from '../end-to-end/fastest.ts';
import { plain, silent, startServer, wants, withLogin } from '../relays/servers.ts';
import { declareRelay, declareSecret } from '../relays/world.ts';
import { type Folders, newFolders, writeFile } from '../store/directory/opened-store.ts';
import { useProgram } from './program.ts';

const program = useProgram();

const of = ({ directory, stateDirectory }: Folders) => ['run', '--directory', directory, '--state', stateDirectory];

test('--once exits 0 where every relay is Ready, with the columns of kubectl get relays', async () => {
  const folders = newFolders();
  const server = await startServer();
  declareRelay(folders, { name: 'good', spec: plain(server.port) });
  const { code, stdout, stderr } = await program.run([...of(folders), '--once']);
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^NAME +HOST +PORT +TLS +READY +REASON +CERT EXPIRES +LAST PROBE +AGE$/m);
  expect(stdout).toMatch(
    new RegExp(`^good +127\\.0\\.0\\.1 +${server.port} +None +True +Succeeded +\\d+s +\\d+s$`, 'm'),
  );
  expect(code).toBe(0);
});

test('--once exits 1 where one is not, and says why and what to do', async () => {
  const folders = newFolders();
  const server = await startServer();
  const port = await unusedPort();
  declareRelay(folders, { name: 'good', spec: plain(server.port) });
  declareRelay(folders, { name: 'bad', spec: plain(port) });
  const { code, stdout } = await program.run([...of(folders), '--once']);
  expect(stdout).toMatch(/^bad +127\.0\.0\.1 +\d+ +None +False +ConnectionRefused/m);
  expect(stdout).toMatch(/^mail\/bad: ConnectionRefused$/m);
  expect(stdout).toContain(`${port}`);
  expect(code).toBe(1);
});

test('--once names a broken file with its line, and exits 1 although every relay is Ready', async () => {
  const folders = newFolders();
  const server = await startServer();
  declareRelay(folders, { name: 'good', spec: plain(server.port) });
  writeFile(folders.directory, 'deep/broken.yaml', 'kind: SmtpRelay\nmetadata:\n  name: [\n');
  const { code, stdout } = await program.run([...of(folders), '--once']);
  expect(stdout).toMatch(/^error: .*deep\/broken\.yaml:\d/m);
  expect(stdout).toMatch(/^good .* True/m);
  expect(code).toBe(1);
});

test('--once -o json prints one document', async () => {
  const folders = newFolders();
  const server = await startServer();
  declareRelay(folders, { name: 'good', spec: plain(server.port) });
  const { code, stdout } = await program.run([...of(folders), '--once', '-o', 'json']);
  expect(JSON.parse(stdout)).toMatchObject({
    relays: [{ namespace: 'mail', name: 'good', status: { lastProbe: { outcome: 'Succeeded' } } }],
    problems: [],
  });
  expect(code).toBe(0);
});

test('--once probes anew what an earlier run saw', async () => {
  const folders = newFolders();
  const server = await startServer();
  declareRelay(folders, { name: 'a', spec: plain(server.port) });
  expect((await program.run([...of(folders), '--once'])).code).toBe(0);
  server.becomes({ greeting: '554 5.3.2 no service\r\n' });
  const { code, stdout } = await program.run([...of(folders), '--once']);
  expect(stdout).toMatch(/^a .* False +ServiceUnavailable/m);
  expect(code).toBe(1);
  server.becomes({});
  expect((await program.run([...of(folders), '--once'])).code).toBe(0);
});

test('--once does not try a refused login again, run after run', async () => {
  const folders = newFolders();
  const server = await startServer(wants(() => 'right'));
  declareSecret(folders, {
    name: 'login',
    type: 'kubernetes.io/basic-auth',
    data: { username: 'u', password: 'wrong' },
  });
  declareRelay(folders, { name: 'a', spec: withLogin(server.port, 'login') });
  for (let runs = 0; runs < 3; runs += 1) {
    const { code, stdout } = await program.run([...of(folders), '--once']);
    expect(stdout).toMatch(/^a .* False +AuthenticationFailed/m);
    expect(code).toBe(1);
  }
  expect(server.logins()).toBe(1);
});

test('--once with no relay says so and exits 0', async () => {
  const folders = newFolders();
  const { code, stdout } = await program.run([...of(folders), '--once']);
  expect(stdout).toBe(`No SmtpRelay in ${folders.directory}\n`);
  expect(code).toBe(0);
});

test.each<[string, string[], string]>([
  ['a directory that is not there', ['run', '--directory', '/nowhere/at/all', '--once'], '/nowhere/at/all'],
  ['an unknown flag', ['run', '--directory', '.', '--wrong'], "unknown option '--wrong'"],
  ['an unknown output', ['run', '--directory', '.', '-o', 'yaml'], 'table, json'],
  ['two namespaces', ['run', '--directory', '.', '-n', 'a', '-n', 'b'], '--namespace may be given once'],
  ['--once on a cluster', ['run', '--once'], '--once goes with --directory'],
  ['--state on a cluster', ['run', '--state', 'x'], '--state goes with --directory'],
  ['a spool without a place', ['run', '--outbox', 'spool'], '--outbox spool needs --state DIR'],
  [
    'an engine beside a directory',
    ['run', '--directory', '.', '--outbox', 'spool'],
    '--outbox goes without --directory',
  ],
  ['an engine that there is not', ['run', '--outbox', 'nats'], 'kubernetes, spool'],
  ['a kubeconfig beside a directory', ['run', '--directory', '.', '--kubeconfig', 'x'], 'needs no cluster'],
  ['a wrong address block', ['run', '--directory', '/tmp', '--once', '--denied-cidrs', '10.0.0.0/33'], '10.0.0.0/33'],
  ['a wrong duration', ['run', '--directory', '.', '--status-heartbeat', '5 minutes'], '5 minutes'],
  ['no probes at a time', ['run', '--directory', '.', '--concurrent-probes', '0'], '--concurrent-probes'],
  ['a word too many', ['run', 'x', '--directory', '.'], 'too many arguments'],
])('%s is unusable: exit code 2, and the words on standard error', async (_, args, says) => {
  const { code, stdout, stderr } = await program.run(args);
  expect(stderr).toContain(says);
  expect(stderr).not.toMatch(/^ +at /m);
  expect(stdout).toBe('');
  expect(code).toBe(2);
});

test('what it leaves behind lies in .relaykeeper beside the manifests, and is none of them', async () => {
  const { directory } = newFolders();
  const server = await startServer();
  declareRelay({ directory, stateDirectory: '' }, { name: 'good', spec: plain(server.port) });
  for (let runs = 0; runs < 2; runs += 1) {
    expect((await program.run(['run', '--directory', directory, '--once'])).code).toBe(0);
  }
  expect(readdirSync(directory).sort()).toEqual(['.relaykeeper', 'good.yaml']);
  const text = readFileSync(join(directory, '.relaykeeper/status/mail/SmtpRelay/good.yaml'), 'utf8');
  expect(text).toContain('kind: SmtpRelay');
  expect(text).toContain('reason: Succeeded');
});

test('off a terminal it prints a line a change, without escape sequences, and ends with 0 at SIGTERM', async () => {
  const folders = newFolders();
  const [server, hanging] = await Promise.all([startServer(), startServer(silent)]);
  declareRelay(folders, { name: 'good', spec: plain(server.port) });
  declareRelay(folders, { name: 'hanging', spec: plain(hanging.port) });
  const running = program.start(of(folders));
  await running.printed(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ mail\/good Ready=True Succeeded: /m);
  await running.printed('mail/hanging Ready=Unknown Probing');
  writeFile(folders.directory, 'broken.yaml', 'a: [');
  await running.printed(/^error: .*broken\.yaml/m);
  rmSync(join(folders.directory, 'broken.yaml'));
  await running.printed(/broken\.yaml.*: mended/);
  expect(running.stdout()).not.toContain('\u001b');
  expect(running.stderr()).toBe('');
  const start = performance.now();
  running.signal('SIGTERM');
  expect((await running.ended).code).toBe(0);
  expect(performance.now() - start).toBeLessThan(5_000);
});

test('-o json prints a line of JSON a change, also of a relay that is gone', async () => {
  const folders = newFolders();
  const server = await startServer();
  declareRelay(folders, { name: 'good', spec: plain(server.port) });
  const running = program.start([...of(folders), '-o', 'json']);
  await running.printed('"Succeeded"');
  rmSync(join(folders.directory, 'good.yaml'));
  await running.printed('"status":null');
  running.signal('SIGTERM');
  const { stdout } = await running.ended;
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.at(0)).toMatchObject({ namespace: 'mail', name: 'good', status: { observedGeneration: 1 } });
  expect(lines.at(-1)).toEqual({ namespace: 'mail', name: 'good', status: null });
});

test('a file that is added, changed, half-written or removed is picked up within a second', async () => {
  const folders = newFolders();
  const server = await startServer();
  const refused = await unusedPort();
  const running = program.start(of(folders));
  const count = (text: string) => running.stdout().split(text).length - 1;
  const again = async (text: string, act: () => void) => {
    const before = count(text);
    act();
    while (count(text) === before) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const path = join(folders.directory, 'a.yaml');
  const text = (port: number) =>
    JSON.stringify({
      apiVersion: 'relaykeeper.dev/v1alpha1',
      kind: 'SmtpRelay',
      metadata: { name: 'a', namespace: 'mail' },
      spec: plain(port),
    });
  const good = 'mail/a Ready=True';
  const bad = 'mail/a Ready=False ConnectionRefused';
  const timed = (ready: () => Promise<void>, what: string, act: () => void) =>
    fastest(1_000, async () => {
      await ready();
      return () => again(what, act);
    });
  const remove = () => rmSync(path, { force: true });
  const gone = () => (existsSync(path) ? again('mail/a Removed', remove) : Promise.resolve());
  const there = () =>
    existsSync(path)
      ? again(bad, () => writeFileSync(path, text(refused)))
      : again(good, () => writeFileSync(path, text(server.port)));

  expect(await timed(gone, good, () => writeFileSync(path, text(server.port)))).toBeLessThan(1_000);
  expect(await timed(there, good, () => writeFileSync(path, text(server.port)))).toBeLessThan(1_000);
  const halved = async () => {
    await again(bad, () => writeFileSync(path, text(refused)));
    const mended = text(server.port);
    await again('a.yaml', () => writeFileSync(path, mended.slice(0, 60)));
  };
  expect(await timed(halved, good, () => writeFileSync(path, text(server.port)))).toBeLessThan(1_000);
  const back = () => (existsSync(path) ? Promise.resolve() : again(good, () => writeFileSync(path, text(server.port))));
  expect(await timed(back, 'mail/a Removed', remove)).toBeLessThan(1_000);
});

test('a second operator on the same state directory is refused, and the first goes on', async () => {
  const folders = newFolders();
  const server = await startServer();
  declareRelay(folders, { name: 'good', spec: plain(server.port) });
  const first = program.start(of(folders));
  await first.printed('mail/good Ready=True');
  const second = await program.run([...of(folders), '--once']);
  expect(second.stderr).toMatch(/^error: .*is (already )?(in use|used)/m);
  expect(second.code).toBe(2);
  first.signal('SIGINT');
  expect((await first.ended).code).toBe(0);
  expect((await program.run([...of(folders), '--once'])).code).toBe(0);
});

test('thousands of relays are told of without a pause for each', async () => {
  const folders = newFolders();
  const port = await unusedPort();
  const relays = Array.from({ length: 3_000 }, (_, index) => ({
    apiVersion: 'relaykeeper.dev/v1alpha1',
    kind: 'SmtpRelay',
    metadata: { name: `relay-${index}`, namespace: 'mail' },
    spec: plain(port, { suspend: true }),
  }));
  writeFile(folders.directory, 'all.yaml', relays.map((relay) => JSON.stringify(relay)).join('\n---\n'));
  const running = program.start(of(folders));
  await running.printed('mail/relay-2999 Ready=False Suspended');
  running.signal('SIGTERM');
  const { stdout } = await running.ended;
  expect(stdout.trim().split('\n')).toHaveLength(3_000);
});
