// What a probe has to say at its end: `status.lastProbe`, whole and within bounds, without a credential.
import { timestamp } from '../api/conditions.ts';
import { formatDuration } from '../api/duration.ts';
import { printable, truncate } from '../api/fit-status.ts';
import { reasons, type Stage } from '../api/reasons.ts';
import { durationOf, type ProbeDurations, type ProbeReport } from '../api/smtp-relay.ts';
import { type Conversation, providerOf } from './conversation.ts';
import type { Failure } from './failure.ts';
import { endpoint } from './network/host-name.ts';
import { providerRemedy } from './provider.ts';
import { replyText } from './reply.ts';
import { scrub } from './scrub.ts';

export interface Outcome {
  readonly failure: Failure | undefined;
  /** Milliseconds. */
  readonly durations: Readonly<Partial<Record<Stage | 'Total', number>>>;
  readonly endedAt: number;
}

const mostMessageBytes = 1024;

export function report(conversation: Conversation, { failure, durations, endedAt }: Outcome): ProbeReport {
  const { target, depth, address, addresses, tls, mechanism, senders, warnings, transcript } = conversation;
  const clean = (text: string) => scrub(conversation, text);
  const capabilities = conversation.capabilities.slice(0, 32).map((line) => truncate(clean(line), 128));
  return {
    time: timestamp(endedAt),
    outcome: failure ? 'Failed' : 'Succeeded',
    depth,
    ...(failure ? { failedStage: failure.stage } : {}),
    reason: failure?.reason ?? 'Succeeded',
    message: truncate(
      printable(clean(failure ? failed(conversation, failure) : succeeded(conversation))),
      mostMessageBytes,
      mostMessageBytes,
    ),
    ...(failure?.reply ? { replyCode: failure.reply.code } : {}),
    ...(failure?.reply?.enhancedCode ? { enhancedCode: failure.reply.enhancedCode } : {}),
    ...(address ? { address: endpoint(address, target.port) } : {}),
    ...(addresses.length > 0 ? { addresses: addresses.slice(0, 8) } : {}),
    durations: inWords(durations),
    ...(tls ? { tls } : {}),
    ...(capabilities.length > 0 ? { capabilities } : {}),
    ...(mechanism ? { mechanism } : {}),
    ...(senders.length > 0
      ? { senders: senders.map((sender) => ({ ...sender, ...(sender.reply ? { reply: clean(sender.reply) } : {}) })) }
      : {}),
    ...(warnings.length > 0
      ? { warnings: warnings.map(({ reason, message }) => ({ reason, message: truncate(clean(message), 512) })) }
      : {}),
    ...(transcript.lines().length > 0 ? { transcript: transcript.lines().map(clean) } : {}),
  };
}

/** Cause, then remedy; a long cause is cut, so that the remedy never is. */
function failed(conversation: Conversation, { reason, what, remedy }: Failure): string {
  const provider = providerOf(conversation);
  const advice = remedy ?? (provider && providerRemedy(provider, reason)) ?? reasons[reason].remedy;
  const room = mostMessageBytes - Math.min(Buffer.byteLength(advice), 600) - 2;
  const cause = truncate(what.trim(), room, room);
  return `${cause}${/[.!?…]$/.test(cause) ? '' : '.'} ${advice}`;
}

function succeeded(conversation: Conversation): string {
  const { target, address, tls, link, authenticated, mechanism, senders, queued } = conversation;
  const where = `${endpoint(target.host, target.port)}${address && address !== target.host ? ` (${address})` : ''}`;
  const parts = [`Successfully connected to ${where}`];
  if (tls) {
    const how = target.tls.mode === 'Implicit' ? 'implicit' : 'STARTTLS';
    parts.push(`${how} ${tls.protocol ?? 'TLS'}${link === 'verified' ? '' : ' (not verified)'}`);
  }
  if (authenticated) parts.push(`logged in with ${mechanism}`);
  if (senders.length > 0) parts.push(senders.length === 1 ? 'sender accepted' : `${senders.length} senders accepted`);
  if (queued) parts.push(`test message accepted: ${truncate(replyText(queued), 200)}`);
  return parts.join(', ');
}

const durationNames = { ...durationOf, Total: 'total' } as const;

function inWords(durations: Outcome['durations']): ProbeDurations {
  const words: ProbeDurations = {};
  for (const [stage, milliseconds] of Object.entries(durations)) {
    words[durationNames[stage as keyof typeof durationNames]] = formatDuration(milliseconds);
  }
  return words;
}
