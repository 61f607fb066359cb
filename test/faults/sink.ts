// A mail server that keeps account: which message came over which connection, when its final dot came, and which
// connections were cut by a kill of either side. It takes a message with its final dot, whatever becomes of the reply.
import { setTimeout as wait } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import { type HostileServer, type Peer, startHostileServer } from '../smtp/hostile-server.ts';
import { type Break, type Delivery, judge, type Verdict } from './deliveries.ts';

export type Step = 'RCPT' | 'DATA' | 'dot';

export interface SinkOptions {
  /** The reply to this recipient's step; undefined where all is well. After a 421 the connection ends. */
  readonly answer?: (step: Step, to: string) => string | undefined;
  /** Waited for between a final dot and its reply. */
  readonly beforeReply?: (to: string) => Promise<unknown>;
}

export interface Sink {
  readonly port: number;
  readonly deliveries: readonly Delivery[];
  /** Recipients of which the server has said yes to RCPT so far, also where no message followed. */
  judge(): Verdict;
  /** Whoever is connected now is being killed. */
  clientKilled(): void;
  /** The server dies: every connection is reset, and nobody listens until it is started again on the same port. */
  die(): Promise<void>;
  startAgain(): Promise<void>;
}

interface Session {
  readonly number: number;
  readonly peer: Peer;
  saidSinceDot: boolean;
}

export async function startSink(options: SinkOptions = {}): Promise<Sink> {
  const deliveries: Delivery[] = [];
  const open = new Set<Session>();
  const cuts = new Map<Session, number>();
  let sessions = 0;
  let server: HostileServer | undefined;

  const serve = async (peer: Peer) => {
    sessions += 1;
    const session: Session = { number: sessions, peer, saidSinceDot: true };
    open.add(session);
    await converse(session, options, (delivery) => deliveries.push(delivery));
    await peer.closed;
    open.delete(session);
  };
  const cutAll = () => {
    for (const session of open) if (!cuts.has(session)) cuts.set(session, performance.now());
  };
  const start = async (port: number) => {
    server = await startHostileServer(serve, '127.0.0.1', port);
    return server.port;
  };
  const port = await start(0);
  onTestFinished(async () => server?.stop());

  return {
    port,
    deliveries,
    judge: () => judge(deliveries, breaksOf(cuts)),
    clientKilled: cutAll,
    async die() {
      cutAll();
      for (const { peer } of open) peer.reset();
      await server?.stop();
    },
    startAgain: async () => void (await start(port)),
  };
}

function breaksOf(cuts: ReadonlyMap<Session, number>): Map<number, Break> {
  return new Map([...cuts].map(([{ number, saidSinceDot }, at]) => [number, { at, wentOn: saidSinceDot }]));
}

async function converse(session: Session, options: SinkOptions, deliver: (delivery: Delivery) => void): Promise<void> {
  const { peer } = session;
  let to = '';
  peer.send('220 sink.example.com ESMTP\r\n');
  for (;;) {
    const line = await peer.line();
    if (line === undefined) return;
    session.saidSinceDot = true;
    const verb = (line.split(' ')[0] ?? '').toUpperCase();
    if (verb === 'MAIL' || verb === 'RSET') to = '';
    const reply = replyTo(verb, line, { to, options });
    if (verb === 'RCPT' && reply.startsWith('250')) to = recipientOf(line);
    peer.send(`${reply}\r\n`);
    if (reply.startsWith('421') || verb === 'QUIT') return peer.end();
    if (reply.startsWith('354') && !(await takeMessage(session, to, { options, deliver }))) return;
  }
}

interface State {
  readonly to: string;
  readonly options: SinkOptions;
}

function replyTo(verb: string, line: string, { to, options }: State): string {
  switch (verb) {
    case 'EHLO':
      return '250-sink.example.com\r\n250 PIPELINING';
    case 'RCPT':
      return options.answer?.('RCPT', recipientOf(line)) ?? '250 2.1.5 fine';
    case 'DATA':
      // Without a recipient the client that pipelined DATA is asked for an empty message (RFC 2920 section 3.1).
      return (to === '' ? undefined : options.answer?.('DATA', to)) ?? '354 go on';
    case 'QUIT':
      return '221 2.0.0 bye';
    default:
      return '250 2.0.0 fine';
  }
}

interface Taking {
  readonly options: SinkOptions;
  readonly deliver: (delivery: Delivery) => void;
}

/** False once the connection is over. */
async function takeMessage(session: Session, to: string, { options, deliver }: Taking): Promise<boolean> {
  const { peer, number } = session;
  const lines: string[] = [];
  for (;;) {
    const line = await peer.line();
    if (line === undefined) return false;
    if (line === '.') break;
    lines.push(line);
  }
  if (to === '') {
    peer.send('554 5.5.1 no valid recipients\r\n');
    return true;
  }
  const refusal = options.answer?.('dot', to);
  if (refusal === undefined) {
    const raw = lines.join('\r\n');
    session.saidSinceDot = false;
    deliver({ to, messageId: messageIdOf(raw), raw, connection: number, at: performance.now() });
  }
  await (options.beforeReply?.(to) ?? wait(0));
  peer.send(`${refusal ?? `250 2.0.0 queued as ${number}`}\r\n`);
  if (!refusal?.startsWith('421')) return true;
  peer.end();
  return false;
}

function recipientOf(line: string): string {
  return /<([^>]*)>/.exec(line)?.[1] ?? '';
}

function messageIdOf(raw: string): string {
  return /^Message-ID: *(?:\r\n )?(\S+)/im.exec(raw)?.[1] ?? '';
}
