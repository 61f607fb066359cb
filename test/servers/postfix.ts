// A real Postfix with Dovecot SASL, beside and apart from any that the machine may run.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { type Place, type Ports, type PostfixOptions, postfixFiles } from './postfix-config.ts';

export interface Postfix extends Ports {
  /** Everything that Postfix has logged. */
  readonly log: () => Promise<string>;
  /** The messages that lie in the mailbox. */
  readonly messages: (mailbox: string) => Promise<readonly string[]>;
  /** Where its files are; gone once it is stopped. */
  readonly directory: string;
  /** Ends every process of it, and removes its files. */
  readonly stop: () => Promise<void>;
}

/** Starts it on free ports of loopback. Another process may take a port first: then it tries others. */
export async function startPostfix(options: PostfixOptions): Promise<Postfix> {
  for (let attempts = 3; ; attempts -= 1) {
    const place = await prepare(options);
    const supervisor = spawn('sh', [join(import.meta.dirname, 'supervise.sh'), place.directory], {
      // Not in the terminal's process group: Ctrl-C must reach the test, not the servers.
      detached: true,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const failure = await started(supervisor, place.directory);
    if (failure === undefined) return running(supervisor, place);
    await stop(supervisor);
    if (attempts === 1 || !failure.includes('Address already in use')) throw new Error(failure);
  }
}

async function prepare(options: PostfixOptions): Promise<Place> {
  const directory = await mkdtemp(join(tmpdir(), 'relaykeeper-postfix-'));
  // Postfix drops root, and must still reach its queue.
  await chmod(directory, 0o755);
  const mailOwner = await ids('nobody');
  const postfixOwner = await ids('postfix');
  const place = { directory, ...(await freePorts()), addresses: loopbackAddresses(), ...mailOwner };
  for (const name of ['postfix', 'queue', 'queue/private', 'data', 'mail', 'dovecot']) {
    await mkdir(join(directory, name));
  }
  for (const [path, content] of Object.entries(postfixFiles(options, place))) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), content);
  }
  await chmod(join(directory, 'key.pem'), 0o600);
  await chmod(join(directory, 'queue/private'), 0o700);
  await chown(join(directory, 'queue/private'), postfixOwner.uid, 0);
  await chown(join(directory, 'data'), postfixOwner.uid, postfixOwner.gid);
  await chown(join(directory, 'mail'), mailOwner.uid, mailOwner.gid);
  return place;
}

function running(supervisor: ChildProcess, { directory, smtpPort, submissionPort, smtpsPort }: Place): Postfix {
  return {
    smtpPort,
    submissionPort,
    smtpsPort,
    directory,
    log: () => readFile(join(directory, 'mail.log'), 'utf8'),
    messages: async (mailbox) => {
      const arrived = join(directory, 'mail', mailbox, 'new');
      const names = existsSync(arrived) ? await readdir(arrived) : [];
      return await Promise.all(names.map((name) => readFile(join(arrived, name), 'utf8')));
    },
    stop: () => stop(supervisor),
  };
}

/** Waits until both servers answer; else what stood in the way. */
async function started(supervisor: ChildProcess, directory: string): Promise<string | undefined> {
  const deadline = Date.now() + 60_000;
  const postfixEnded = supervisor.stdout && once(supervisor.stdout, 'data').then(() => true);
  while (Date.now() < deadline) {
    const log = await logged(directory);
    // Postfix listens before it says so.
    if (log.includes('daemon started') && existsSync(join(directory, 'queue/private/auth'))) return undefined;
    if (await Promise.race([postfixEnded, delay(50, false)]))
      return `Postfix did not start:\n${await logged(directory)}`;
  }
  return `Postfix and Dovecot did not start within 60 s:\n${await logged(directory)}`;
}

async function logged(directory: string): Promise<string> {
  const files = ['supervise.log', 'mail.log', 'dovecot.log'].map((name) => join(directory, name)).filter(existsSync);
  return (await Promise.all(files.map((file) => readFile(file, 'utf8')))).join('');
}

/** The supervisor takes the end of its input as the word to end all. */
async function stop(supervisor: ChildProcess): Promise<void> {
  if (supervisor.exitCode !== null) return;
  const ended = once(supervisor, 'exit');
  supervisor.stdout?.resume();
  supervisor.stdin?.end();
  await ended;
}

async function ids(user: string): Promise<{ uid: number; gid: number }> {
  const id = async (flag: string) => Number((await promisify(execFile)('id', [flag, user])).stdout);
  return { uid: await id('-u'), gid: await id('-g') };
}

function loopbackAddresses(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  return addresses.some(({ address }) => address === '::1') ? ['127.0.0.1', '[::1]'] : ['127.0.0.1'];
}

async function freePorts(): Promise<Ports> {
  const servers = [createServer(), createServer(), createServer()];
  const [smtpPort, submissionPort, smtpsPort] = await Promise.all(servers.map(listeningPort));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  if (!smtpPort || !submissionPort || !smtpsPort) throw new Error('no free port');
  return { smtpPort, submissionPort, smtpsPort };
}

async function listeningPort(server: Server): Promise<number | undefined> {
  // Without a host it listens on both families, and so the port is free on both.
  server.listen(0);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' ? address?.port : undefined;
}
