// Probes a second, at several concurrencies: our probe in this process beside blackbox-exporter in its own.
import { createTokenSource } from '../../src/smtp/oauth/token-source.ts';
import { probe } from '../../src/smtp/probe.ts';
import type { RelayTarget } from '../../src/smtp/relay-target.ts';
import { inPairs } from '../pairs.ts';
import { blackboxName, startBlackbox } from '../peers/blackbox.ts';
import { type BenchRelay, startRelay } from '../relay.ts';
import type { Result } from '../result.ts';
import type { Bench } from '../scenario.ts';
import { perSecond } from '../throughput.ts';

const concurrencies = [1, 16, 64];
const pairs = 5;
const milliseconds = 2_000;

export async function probeScenario({ directory, note, found }: Bench): Promise<void> {
  const relay = await startRelay();
  const blackbox = await startBlackbox(relay, directory);
  if (!blackbox)
    note(`${blackboxName} is not installed (Debian: apt install prometheus-blackbox-exporter): no comparison.`);
  try {
    const ours = ourProbe(relay);
    for (const concurrency of concurrencies) {
      found(await compare({ ours, peer: blackbox?.probe, concurrency }));
    }
  } finally {
    await blackbox?.stop();
    await relay.stop();
  }
}

type Task = () => Promise<void>;

async function compare({
  ours,
  peer,
  concurrency,
}: {
  ours: Task;
  peer: Task | undefined;
  concurrency: number;
}): Promise<Result> {
  const load = { concurrency, milliseconds };
  const warmUp = { concurrency, milliseconds: milliseconds / 2 };
  await perSecond(ours, warmUp);
  if (peer) await perSecond(peer, warmUp);
  const measured = await inPairs(() => perSecond(ours, load), peer && (() => perSecond(peer, load)), pairs);
  return {
    scenario: 'probe',
    name: `probe, ${concurrency} at once`,
    unit: 'probes/s',
    ours: measured.ours,
    peer:
      measured.peer === undefined || measured.ratio === undefined
        ? undefined
        : { name: blackboxName, value: measured.peer, ratio: measured.ratio },
    target: concurrency === 16 ? { ratio: 2, better: 'higher' } : undefined,
  };
}

function ourProbe(relay: BenchRelay): Task {
  const deps = { now: Date.now, signal: new AbortController().signal, tokens: createTokenSource() };
  const target = targetOf(relay);
  return async () => {
    const { outcome, message, mechanism } = await probe({ target, depth: 'Auth' }, deps);
    if (outcome !== 'Succeeded' || mechanism !== 'PLAIN') throw new Error(`our probe failed: ${message}`);
  };
}

function targetOf({ port, caPem, username, password }: BenchRelay): RelayTarget {
  return {
    host: '127.0.0.1',
    port,
    addressFamily: 'Any',
    connectionTimeout: 10_000,
    deliveryTimeouts: { command: 300_000, dataEnd: 600_000 },
    ehloName: 'client.example.com',
    tls: {
      mode: 'StartTls',
      trustedCertificates: [caPem],
      trustedFrom: 'the bench',
      includeSystemRoots: false,
      serverName: undefined,
      minVersion: 'TLSv1.2',
      pinnedSha256: [],
      clientCertificate: undefined,
    },
    auth: {
      mechanism: 'Plain',
      username,
      secret: { kind: 'password', password },
      allowUnencrypted: false,
      from: 'the bench',
      held: undefined,
    },
    senders: [],
    recipient: undefined,
    certificateWarningDays: 21,
    addressRule: { deniedCidrs: [] },
  };
}
