// Messages a second to one local sink: our delivery out of a spool (each message durable before, each remembered durably
// after) beside nodemailer's pool alone, which keeps nothing, and Postfix's smtp-source, which does not even make messages.

import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createDeliverer } from '../../src/mail/delivery/deliverer.ts';
import type { DeliveryRelay } from '../../src/mail/delivery/relay-directory.ts';
import { messageId } from '../../src/mail/identity.ts';
import { openLedger } from '../../src/mail/ledger/open-ledger.ts';
import type { Outbox, OutboxMessage } from '../../src/mail/outbox/outbox.ts';
import { openSpool } from '../../src/mail/outbox/spool.ts';
import { spoolBoxes } from '../../src/mail/outbox/spool-state.ts';
import { createLoginGuard } from '../../src/relays/login-guard.ts';
import { createTokenSource } from '../../src/smtp/oauth/token-source.ts';
import { systemClock } from '../../src/store/clock.ts';
import { createFileSegments } from '../../src/store/directory/file-segments.ts';
import { openSpoolFiles } from '../../src/store/directory/spool-files.ts';
import { installed } from '../installed.ts';
import { type Letter, letters } from '../letter.ts';
import { inPairs } from '../pairs.ts';
import { startNodemailerPool } from '../peers/nodemailer-pool.ts';
import { startProgram } from '../program.ts';
import type { Result } from '../result.ts';
import type { Bench } from '../scenario.ts';

const connections = 5;
interface Way {
  readonly name: string;
  /** Messages written and not yet sure to last beside one a connection: 64 is how the operator runs. */
  readonly ahead: number;
  /** What was just accepted is still in memory; after a restart each file is read. */
  readonly restarted: boolean;
  readonly target?: Result['target'];
}

const usual: Way = { name: 'spool', ahead: 64, restarted: false, target: { ratio: 0.9, better: 'higher' } };
const ways: readonly Way[] = [
  usual,
  { name: 'spool, after a restart', ahead: 64, restarted: true },
  { name: 'spool, each sure to last first', ahead: 0, restarted: false },
];
const count = 4_000;
const pairs = 3;

export async function deliveryScenario({ directory, note, found }: Bench): Promise<void> {
  const script = new URL('../smtp-sink.ts', import.meta.url).pathname;
  const sink = await startProgram({ command: process.execPath, args: [script], ready: /"port":(\d+)/ });
  const port = Number(sink.said);
  const pool = startNodemailerPool(port, connections);
  try {
    const mails = letters(count);
    const ours = (way: Way) => async () =>
      await oursOnce(mails, { port, way, directory: await mkdtemp(join(directory, 'spool-')) });
    const peer = async () => await perSecond(() => pool.sendAll(mails));
    await ours(usual)();
    await peer();
    for (const way of ways) found(compared(await inPairs(ours(way), peer, pairs), way, "nodemailer's pool"));
    const command = await installed('smtp-source');
    if (!command) note('smtp-source is not here (Debian: apt install postfix): no comparison.');
    const source = command && (async () => await perSecond(() => smtpSource(command, port)));
    if (source)
      found(compared(await inPairs(ours(usual), source, pairs), { ...usual, target: undefined }, 'smtp-source'));
  } finally {
    pool.stop();
    await sink.stop();
  }
}

function compared(
  { ours, peer, ratio }: Awaited<ReturnType<typeof inPairs>>,
  { name, target }: Way,
  peerName: string,
): Result {
  return {
    scenario: 'delivery',
    name,
    unit: 'messages/s',
    ours,
    peer: peer === undefined || ratio === undefined ? undefined : { name: peerName, value: peer, ratio },
    target,
  };
}

async function perSecond(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return count / ((performance.now() - start) / 1_000);
}

async function smtpSource(command: string, port: number): Promise<void> {
  const load = ['-d', '-s', String(connections), '-m', String(count), '-l', '2048'];
  const ends = ['-f', 'portal@example.com', '-t', 'guest@example.com', `127.0.0.1:${port}`];
  await promisify(execFile)(command, [...load, ...ends]);
}

/** Accepted before the clock starts: what is measured is the way out. */
async function oursOnce(
  mails: readonly Letter[],
  { port, directory, way }: { port: number; directory: string; way: Way },
): Promise<number> {
  const relay = relayAt(port);
  let outbox = await openOutbox(directory);
  const accepted = await Promise.all(mails.map((mail, index) => outbox.accept(messageOf(mail, index))));
  if (accepted.some(({ kind }) => kind !== 'accepted')) throw new Error('the spool did not accept all');
  if (way.restarted) {
    await outbox.close();
    outbox = await openOutbox(directory);
  }
  let stop: (() => Promise<void>) | undefined;
  const rate = await perSecond(
    () =>
      new Promise<void>((resolve, reject) => {
        let sent = 0;
        const deliverer = createDeliverer({
          outbox,
          directory: { relaysFor: () => [relay.key], lookUp: async () => ({ kind: 'usable', relay }) },
          logins: createLoginGuard(),
          stillWanted: async () => ({ kind: 'yes' }),
          tokens: createTokenSource(),
          clock: systemClock,
          random: Math.random,
          ahead: way.ahead,
          log: {
            info: () => undefined,
            warn: (fields, message) => reject(new Error(`${message} ${JSON.stringify(fields)}`)),
          },
          onSettled({ settlement }) {
            if (settlement.kind === 'accepted') sent += 1;
            if (sent === count) resolve();
          },
          onRelayState: () => undefined,
        });
        stop = () => deliverer.stop(1_000);
      }),
  );
  await stop?.();
  await outbox.close();
  return rate;
}

async function openOutbox(directory: string): Promise<Outbox> {
  const clock = systemClock;
  const problem = ({ message }: { message: string | undefined }) => {
    if (message !== undefined) throw new Error(message);
  };
  const segments = createFileSegments(join(directory, 'ledger'));
  const ledger = await openLedger(segments, { batchMs: 5, shared: false, clock, random: Math.random, problem });
  const opened = await openSpoolFiles({
    directory: join(directory, 'outbox'),
    boxes: spoolBoxes,
    now: Date.now,
    problem,
  });
  if (opened.kind === 'failed') throw new Error(opened.message);
  return await openSpool({ files: opened.files, ledger, clock, problem });
}

function messageOf({ from, to, raw }: Letter, index: number): OutboxMessage {
  const identity = {
    policy: { namespace: 'mail', name: 'guests' },
    ruleKind: 'Credentials',
    rule: 'guest-credentials',
    subject: { namespace: 'mail', name: `guest-${index}` },
    occasion: 'bench',
    recipient: to,
    part: 'Main',
  } as const;
  const now = Date.now();
  return {
    id: messageId(identity),
    identity,
    envelope: { from, to },
    raw,
    subject: 'Your account',
    confidential: false,
    deliverBy: now + 86_400_000,
    acceptedAt: now,
    seen: '',
    rememberUntil: undefined,
  };
}

function relayAt(port: number): DeliveryRelay {
  return {
    key: { namespace: 'mail', name: 'sink' },
    revision: '1',
    limits: { maxConnections: connections, messagesPerMinute: 0 },
    allowedRecipientDomains: undefined,
    login: undefined,
    editedAt: 0,
    sign: undefined,
    target: {
      host: '127.0.0.1',
      port,
      addressFamily: 'Any',
      connectionTimeout: 10_000,
      deliveryTimeouts: { command: 300_000, dataEnd: 600_000 },
      ehloName: 'client.example.com',
      tls: {
        mode: 'None',
        trustedCertificates: [],
        trustedFrom: undefined,
        includeSystemRoots: false,
        serverName: undefined,
        minVersion: 'TLSv1.2',
        pinnedSha256: [],
        clientCertificate: undefined,
      },
      auth: undefined,
      senders: [],
      recipient: undefined,
      certificateWarningDays: 21,
      addressRule: { deniedCidrs: [] },
    },
  };
}
