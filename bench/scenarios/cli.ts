// Wall time of one process that connects, does STARTTLS, verifies and logs in: `relaykeeper probe`, bundled as it is
// released, beside swaks. openssl s_client is shown too: it does the TLS part only, with no login.

import { execFile } from 'node:child_process';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundle } from '../../scripts/bundle.ts';
import { installed } from '../installed.ts';
import { inPairs, type Measure } from '../pairs.ts';
import { type BenchRelay, startRelay } from '../relay.ts';
import type { Result } from '../result.ts';
import type { Bench } from '../scenario.ts';

const execute = promisify(execFile);
const pairs = 15;

interface Files {
  readonly ca: string;
  readonly password: string;
  readonly program: string;
}

interface Peer {
  readonly name: string;
  /** Of Debian, that bring it and what it needs. */
  readonly packages: string;
  readonly target: Result['target'];
  readonly measure: Measure | undefined;
}

export async function cliScenario({ directory, note, found }: Bench): Promise<void> {
  const relay = await startRelay();
  try {
    const files = await prepare(relay, directory);
    const ours = timed(process.execPath, ourArguments(relay, files));
    await ours();
    for (const { name, packages, target, measure: installedPeer } of await peers(relay, files)) {
      const measure = installedPeer && (await works(installedPeer)) ? installedPeer : undefined;
      if (!measure) note(`${name} is not here or does not work (Debian: apt install ${packages}): no comparison.`);
      const measured = await inPairs(ours, measure, pairs);
      found({
        scenario: 'cli',
        name: 'relaykeeper probe',
        unit: 'ms',
        ours: measured.ours,
        peer:
          measured.peer === undefined || measured.ratio === undefined
            ? undefined
            : { name, value: measured.peer, ratio: measured.ratio },
        target,
      });
    }
  } finally {
    await relay.stop();
  }
}

/** Bundles into the bench's own directory: a bundle in dist/ would be what everything else runs from then on. */
async function prepare(relay: BenchRelay, directory: string): Promise<Files> {
  const files = {
    ca: join(directory, 'ca.pem'),
    password: join(directory, 'password'),
    program: join(directory, 'bundle', 'main.js'),
  };
  await writeFile(files.ca, relay.caPem);
  await writeFile(files.password, relay.password, { mode: 0o600 });
  await writeFile(join(directory, 'package.json'), '{"type":"module"}\n');
  await bundle(join(directory, 'bundle'));
  await access(files.program);
  return files;
}

function ourArguments({ port, username }: BenchRelay, { program, ca, password }: Files): string[] {
  const server = ['--host', '127.0.0.1', '--port', String(port), '--tls', 'StartTls', '--ca', ca];
  const login = ['--username', username, '--password-file', password, '--mechanism', 'Plain'];
  return [program, 'probe', ...server, ...login, '--ehlo-name', 'client.example.com'];
}

async function peers(relay: BenchRelay, { ca }: Files): Promise<Peer[]> {
  const { port, username, password } = relay;
  const swaks = await installed('swaks');
  const swaksArguments = [
    ...['--server', '127.0.0.1', '--port', String(port), '--helo', 'client.example.com'],
    ...['--tls', '--tls-verify', '--tls-ca-path', ca],
    ...['--auth', 'PLAIN', '--auth-user', username, '--auth-password', password, '--quit-after', 'AUTH'],
  ];
  const openssl = await installed('openssl');
  const opensslArguments = [
    's_client',
    '-starttls',
    'smtp',
    '-connect',
    `127.0.0.1:${port}`,
    '-CAfile',
    ca,
    '-verify_return_error',
  ];
  return [
    {
      name: 'swaks',
      packages: 'swaks libnet-ssleay-perl',
      target: { ratio: 0.75, better: 'lower' },
      measure: swaks === undefined ? undefined : timed(swaks, swaksArguments),
    },
    {
      name: 'openssl',
      packages: 'openssl',
      target: undefined,
      measure: openssl === undefined ? undefined : timed(openssl, opensslArguments),
    },
  ];
}

async function works(measure: Measure): Promise<boolean> {
  return await measure().then(
    () => true,
    () => false,
  );
}

/** Rejects where the program did not succeed. */
function timed(command: string, args: readonly string[]): Measure {
  return async () => {
    const start = performance.now();
    const running = execute(command, args);
    running.child.stdin?.end();
    await running;
    return performance.now() - start;
  };
}
