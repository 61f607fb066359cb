// Stage Tls: the handshake and the judgement of the server's certificate. A server that is not trusted is still asked for
// its capabilities, so that status shows them beside its chain; nothing else is said to it.
import type { X509Certificate } from 'node:crypto';
import { type Conversation, failure, speakOver, warn } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import { type Host, parseHost } from '../network/host-name.ts';
import type { Protocol } from '../protocol.ts';
import type { RelayTarget } from '../relay-target.ts';
import { lookAtPlainServer } from '../second-look.ts';
import { certificatePath, isValid } from '../trust/certificate-path.ts';
import type { Fault } from '../trust/evidence.ts';
import { type Handshake, shakeHands } from '../trust/handshake.ts';
import { certificateFaults } from '../trust/judge.ts';
import { describeTls, peerChain } from '../trust/peer-chain.ts';
import { secureContext, trustAnchors } from '../trust/roots.ts';
import { endsSoon, validityWarnings } from '../trust/validity-warnings.ts';
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
  const now = deps.now();
  const sent = peerChain(socket);
  const path = judgedPath(sent, { verdict, target, now });
  const faults = certificateFaults({ chain: path, verdict, host, tls: target.tls, now });
  conversation.tls = describeTls(socket, sent, faults.length === 0);
  conversation.link = faults.length === 0 ? 'verified' : 'unverified';
  for (const { reason, message } of validityWarnings({ sent, path, warningDays: target.certificateWarningDays, now })) {
    warn(conversation, reason, message);
  }
  return faults;
}

interface Judged {
  readonly verdict: Secured['verdict'];
  readonly target: RelayTarget;
  readonly now: number;
}

/** Which of the certificates count. Of a chain that is trusted and all valid for long it does not matter, and costs nothing. */
function judgedPath(sent: readonly X509Certificate[], { verdict, target, now }: Judged): readonly X509Certificate[] {
  const { tls, certificateWarningDays: days } = target;
  const others = sent.slice(1);
  const matters =
    verdict !== undefined ||
    tls.pinnedSha256.length > 0 ||
    others.some((certificate) => !isValid(certificate, now) || endsSoon(certificate, days, now));
  return matters ? certificatePath(sent, { anchors: trustAnchors(tls), now }) : sent;
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
