// What one probe knows and holds while it goes from step to step. Each step is a function that takes it, adds what it
// has seen, and says what failed, if anything.
import type { Socket } from 'node:net';
import type { Stage } from '../api/reasons.ts';
import type { ProbeDepth, ProbedAddress, ProbedSender, ProbedTls, ProbeWarning } from '../api/smtp-relay.ts';
import type { Failure } from './failure.ts';
import type { BeforeLogin } from './login-turn.ts';
import type { TokenSource } from './oauth/token-source.ts';
import { type Provider, recognizeProvider } from './provider.ts';
import type { RelayTarget } from './relay-target.ts';
import { type Reply, replyText } from './reply.ts';
import { scrub } from './scrub.ts';
import { type Broken, type Connection, openConnection } from './wire/connection.ts';
import { createTranscript, type Transcript } from './wire/transcript.ts';

export interface ConversationDeps {
  readonly now: () => number;
  readonly signal: AbortSignal;
  readonly tokens: TokenSource;
  readonly beforeLogin: BeforeLogin | undefined;
  readonly dnsServers: readonly string[] | undefined;
  readonly randomId: () => string;
  /** One of its own when absent. */
  readonly transcript?: Transcript;
}

export interface Conversation {
  readonly target: RelayTarget;
  readonly depth: ProbeDepth;
  readonly deps: ConversationDeps;
  readonly transcript: Transcript;
  readonly warnings: ProbeWarning[];
  readonly senders: ProbedSender[];
  addresses: ProbedAddress[];
  /** Allowed addresses, in the order to try. */
  usable: readonly string[];
  /** The address that answered. */
  address: string | undefined;
  connection: Connection | undefined;
  link: 'plain' | 'unverified' | 'verified';
  tls: ProbedTls | undefined;
  /** The server agreed to STARTTLS: the handshake comes next. */
  tlsAgreed: boolean;
  greeting: Reply | undefined;
  capabilities: readonly string[];
  /** RFC 5321 section 3.2: HELO was taken instead of EHLO. */
  saidHelo: boolean;
  accessToken: string | undefined;
  /** The lines of the login, as they were sent: a server may say them back. */
  sentSecrets: readonly string[];
  mechanism: string | undefined;
  authenticated: boolean;
  /** The reply to the test message, with the server's queue id. */
  queued: Reply | undefined;
}

export type Step = (conversation: Conversation) => Promise<Failure | undefined>;

export function startConversation(target: RelayTarget, depth: ProbeDepth, deps: ConversationDeps): Conversation {
  const conversation: Conversation = {
    target,
    depth,
    deps,
    transcript: deps.transcript ?? createTranscript((line) => scrub(conversation, line)),
    warnings: [],
    senders: [],
    addresses: [],
    usable: [],
    address: undefined,
    connection: undefined,
    link: 'plain',
    tls: undefined,
    tlsAgreed: false,
    greeting: undefined,
    capabilities: [],
    saidHelo: false,
    accessToken: undefined,
    sentSecrets: [],
    mechanism: undefined,
    authenticated: false,
    queued: undefined,
  };
  return conversation;
}

/** Speaks SMTP over this socket from now on: the plain one first, later the encrypted one. */
export function speakOver(conversation: Conversation, socket: Socket): void {
  const { transcript, target, deps } = conversation;
  conversation.connection = openConnection({
    socket,
    transcript,
    timeout: target.connectionTimeout,
    signal: deps.signal,
    onLenient: (what) =>
      warn(conversation, 'LenientReply', `The server ${what}; that was let through, other clients may not.`),
  });
}

/** A warning is said once, however often its cause is seen. */
export function warn({ warnings }: Conversation, reason: string, message: string): void {
  if (warnings.length < 16 && warnings.every((warning) => warning.message !== message))
    warnings.push({ reason, message });
}

export function failure(stage: Stage, reason: Failure['reason'], what: string, remedy?: string): Failure {
  return { stage, reason, what, remedy, reply: undefined };
}

/** A conversation that broke off while `waitingFor` was expected, such as `the reply to EHLO`. */
export function brokenOff(stage: Stage, answer: Broken, waitingFor: string): Failure {
  const isTls = answer.reason === 'ClientCertificateRejected' || answer.reason === 'HandshakeFailed';
  return failure(isTls ? 'Tls' : stage, answer.reason, `The server ${answer.what} where ${waitingFor} was expected.`);
}

export function providerOf({ target, greeting, capabilities }: Conversation): Provider | undefined {
  const replies = greeting ? [replyText(greeting), ...capabilities] : [];
  return recognizeProvider({ host: target.host, replies });
}

/** The parameters of an EHLO keyword (upper case), or undefined where it is not offered. */
export function offered({ capabilities }: Conversation, keyword: string): readonly string[] | undefined {
  const known = extensions.get(capabilities) ?? extensionsIn(capabilities);
  extensions.set(capabilities, known);
  return known.get(keyword);
}

/** By the lines of EHLO: each message asks for several. */
const extensions = new WeakMap<readonly string[], ReadonlyMap<string, readonly string[]>>();

function extensionsIn(capabilities: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const line of capabilities) {
    const [word = '', ...parameters] = line.split(/[ \t]+/);
    const keyword = word.toUpperCase();
    found.set(keyword, [...(found.get(keyword) ?? []), ...parameters]);
  }
  return found;
}
