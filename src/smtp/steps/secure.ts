// Stage Tls: the handshake and the judgement of the server's certificate. A server that is not trusted is still asked for
// its capabilities, so that status shows them beside its chain; nothing else is said to it.
import { type Conversation, failure, speakOver, warn } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import { type Host, parseHost } from '../network/host-name.ts';
import type { Protocol } from '../protocol.ts';
import { lookAtPlainServer } from '../second-look.ts';
import type { Fault } from '../trust/evidence.ts';
import { type Handshake, shakeHands } from '../trust/handshake.ts';
import { certificateFaults } from '../trust/judge.ts';
import { anchoredChain, describeTls, peerChain, subjectOf } from '../trust/peer-chain.ts';
import { secureContext } from '../trust/roots.ts';
import { ehlo } from './ehlo.ts';
import { greeting, lookOf, otherProtocol } from './greeting.ts';

export async function secure(conversation: Conversation): Promise<Failure | undefined> {
  const { connection, target, deps } = conversation;
  if (!connection) return undefined;
  const prepared = secureContext(target.tls);
  if (prepared.kind === 'unusable') {
    connection.destroy();
    return failure('Tls', prepared.reason, prepared.what);
  }
  const host = parseHost(target.tls.serverName ?? target.host);
  const handshake = await shakeHands({
    socket: connection.detach(),
    context: prepared.context,
    serverName: host.kind === 'name' ? host.name : undefined,
    timeout: target.connectionTimeout,
    signal: deps.signal,
  });
  if (handshake.kind === 'failed') return await notSecured(conversation, handshake);
  const faults = inspect(conversation, handshake, host);
  speakOver(conversation, handshake.socket);
  const distrust = faults.length === 0 ? undefined : distrusted(conversation, faults);
  if (target.tls.mode !== 'Implicit')
    return distrust ? await afterLooking(conversation, distrust) : await ehlo(conversation);
  return distrust && (await afterLooking(conversation, distrust));
}

type Secured = Extract<Handshake, { kind: 'secured' }>;

function inspect(conversation: Conversation, { socket, verdict }: Secured, host: Host): Fault[] {
  const { target, deps } = conversation;
  const rootMatters = verdict !== undefined || target.tls.pinnedSha256.length > 0;
  // In this order: once Node was asked for the chain as it was sent, it no longer gives the one with the root.
  const anchored = rootMatters ? anchoredChain(socket) : undefined;
  const chain = peerChain(socket);
  const judged = anchored ?? chain;
  const faults = certificateFaults({ chain: judged, verdict, host, tls: target.tls, now: deps.now() });
  conversation.tls = describeTls(socket, chain, faults.length === 0);
  conversation.link = faults.length === 0 ? 'verified' : 'unverified';
  const ending = chain.find(({ validToDate }) => daysLeft(validToDate, deps.now()) < target.certificateWarningDays);
  const left = ending && daysLeft(ending.validToDate, deps.now());
  if (ending && left !== undefined && left >= 0) {
    const when = ending.validToDate.toISOString().slice(0, 10);
    warn(
      conversation,
      'CertificateExpiresSoon',
      `The certificate "${subjectOf(ending)}" ends on ${when}, in ${Math.floor(left)} days: renew it on the mail server.`,
    );
  }
  return faults;
}

function daysLeft(end: Date, now: number): number {
  return (end.getTime() - now) / 86_400_000;
}

/** In mode Opportunistic a server that is not trusted gets mail, but no login. */
function distrusted(conversation: Conversation, faults: readonly Fault[]): Failure | undefined {
  const [first] = faults;
  const what = faults.map((fault) => fault.what).join(' ');
  if (conversation.target.tls.mode === 'Opportunistic') {
    warn(
      conversation,
      'UnverifiedServer',
      `The server is not verified, as spec.tls.mode Opportunistic allows. ${what}`.slice(0, 500),
    );
    return undefined;
  }
  return first && failure('Tls', first.reason, what, first.remedy);
}

async function afterLooking(conversation: Conversation, distrust: Failure): Promise<Failure> {
  const greeted = conversation.target.tls.mode === 'Implicit' ? await greeting(conversation) : undefined;
  if (greeted?.reason === 'NotAnSmtpServer') return greeted;
  if (!greeted) await ehlo(conversation);
  return distrust;
}

async function notSecured(
  conversation: Conversation,
  failed: Extract<Handshake, { kind: 'failed' }>,
): Promise<Failure> {
  const { target, address } = conversation;
  const plain = failure('Tls', failed.reason, failed.what);
  if (target.tls.mode !== 'Implicit' || !failed.doubtful || !address) return withVersion(plain, conversation);
  const protocol: Protocol | undefined = await lookAtPlainServer(lookOf(conversation, address));
  if (protocol === 'SMTP') {
    const what = `Port ${target.port} of the server greets in plain text ("220 …") where spec.tls.mode Implicit starts with TLS.`;
    return failure('Tls', 'PlaintextExpected', what);
  }
  return protocol === undefined || protocol === 'TLS'
    ? plain
    : { ...otherProtocol(conversation, protocol), stage: 'Tls' };
}

function withVersion(plain: Failure, { target }: Conversation): Failure {
  if (plain.reason !== 'ProtocolVersionUnsupported') return plain;
  const least = target.tls.minVersion.replace('v', '');
  return { ...plain, what: `${plain.what} At least ${least} is asked for (spec.tls.minVersion).` };
}
