// Runs one probe ("Test Connection"): a whole conversation with a relay, down to the depth asked for. Never throws for
// anything that a server, a network or a spec can cause, and leaves no socket and no timer behind.
import { randomUUID } from 'node:crypto';
import type { Stage } from '../api/reasons.ts';
import type { ProbeDepth, ProbeReport } from '../api/smtp-relay.ts';
import { type Conversation, startConversation } from './conversation.ts';
import { converse } from './converse.ts';
import type { BeforeLogin } from './login-turn.ts';
import type { TokenSource } from './oauth/token-source.ts';
import { overallDeadline } from './overall-deadline.ts';
import { unusualPort } from './port-warning.ts';
import type { RelayTarget } from './relay-target.ts';
import { type Outcome, report } from './report.ts';

export interface ProbeRequest {
  readonly target: RelayTarget;
  readonly depth: ProbeDepth;
}

export interface ProbeDeps {
  /** Now, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Ends the probe early (shutdown); it then still reports. */
  readonly signal: AbortSignal;
  /** Where OAuth 2 access tokens come from. */
  readonly tokens: TokenSource;
  /** Awaited right before the first AUTH line; absent: a login is sent at once. */
  readonly beforeLogin?: BeforeLogin;
  /** Told as each stage begins and ends, for progress on a terminal. */
  readonly onStage?: (event: StageEvent) => void;
  /** DNS servers to ask instead of the system's, `address` or `address:port`. */
  readonly dnsServers?: readonly string[];
  /** The unique part of a test message's Message-ID; a random UUID by default. */
  readonly randomId?: () => string;
}

export interface StageEvent {
  readonly stage: Stage;
  readonly state: 'started' | 'passed' | 'failed';
  readonly milliseconds: number;
}

export type Probe = (request: ProbeRequest, deps: ProbeDeps) => Promise<ProbeReport>;

export const probe: Probe = async ({ target, depth }, deps) => {
  const deadline = overallDeadline(target, { whole: 'probe', outer: deps.signal });
  const conversation = startConversation(target, depth, {
    now: deps.now,
    signal: deadline.signal,
    tokens: deps.tokens,
    beforeLogin: deps.beforeLogin,
    dnsServers: deps.dnsServers,
    randomId: deps.randomId ?? randomUUID,
  });
  const outcome = await observe(conversation, deps);
  await conversation.connection?.quit();
  deadline.clear();
  const odd = outcome.failure ? undefined : unusualPort(target);
  if (odd) conversation.warnings.push(odd);
  return report(conversation, outcome);
};

async function observe(conversation: Conversation, { now, onStage }: ProbeDeps): Promise<Outcome> {
  const start = now();
  const durations: Partial<Record<Stage | 'Total', number>> = {};
  const failure = await converse(conversation, async (stage, step) => {
    const began = now();
    onStage?.({ stage, state: 'started', milliseconds: 0 });
    const failed = await step();
    const milliseconds = Math.max(0, now() - began);
    durations[stage] = milliseconds;
    onStage?.({ stage, state: failed ? 'failed' : 'passed', milliseconds });
    return failed;
  });
  durations.Total = Math.max(0, now() - start);
  return { failure, durations, endedAt: now() };
}
