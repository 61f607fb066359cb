// Runs one probe ("Test Connection"): a whole conversation with a relay, down to the depth asked for. Never throws for
// anything that a server, a network or a spec can cause, and leaves no socket and no timer behind.
import { randomUUID } from 'node:crypto';
import type { Stage } from '../api/reasons.ts';
import type { ProbeDepth, ProbeReport } from '../api/smtp-relay.ts';
import { type Conversation, type Step, startConversation } from './conversation.ts';
import type { Failure } from './failure.ts';
import type { BeforeLogin } from './login-turn.ts';
import type { TokenSource } from './oauth/token-source.ts';
import { unusualPort } from './port-warning.ts';
import type { RelayTarget } from './relay-target.ts';
import { type Outcome, report } from './report.ts';
import { connect } from './steps/connect.ts';
import { data } from './steps/data.ts';
import { ehlo } from './steps/ehlo.ts';
import { envelope } from './steps/envelope.ts';
import { greeting } from './steps/greeting.ts';
import { logIn } from './steps/log-in.ts';
import { resolve } from './steps/resolve.ts';
import { secure } from './steps/secure.ts';
import { startTls } from './steps/start-tls.ts';
import { token } from './steps/token.ts';

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
  const deadline = overallDeadline(target, deps.signal);
  const conversation = startConversation(target, depth, {
    now: deps.now,
    signal: deadline.signal,
    tokens: deps.tokens,
    beforeLogin: deps.beforeLogin,
    dnsServers: deps.dnsServers,
    randomId: deps.randomId ?? randomUUID,
  });
  const outcome = await converse(conversation, deps);
  await conversation.connection?.quit();
  deadline.clear();
  const odd = outcome.failure ? undefined : unusualPort(target);
  if (odd) conversation.warnings.push(odd);
  return report(conversation, outcome);
};

interface PlannedStage {
  readonly stage: Stage;
  readonly step: Step;
  readonly wanted: (conversation: Conversation) => boolean;
}

const plan: readonly PlannedStage[] = [
  { stage: 'Resolve', step: resolve, wanted: always },
  { stage: 'Connect', step: connect, wanted: always },
  { stage: 'Tls', step: secure, wanted: ({ target }) => target.tls.mode === 'Implicit' },
  { stage: 'Greeting', step: greeting, wanted: always },
  { stage: 'Ehlo', step: ehlo, wanted: always },
  {
    stage: 'StartTls',
    step: startTls,
    wanted: (conversation) =>
      ['StartTls', 'Opportunistic'].includes(conversation.target.tls.mode) && reaches(conversation, 'Tls'),
  },
  { stage: 'Tls', step: secure, wanted: ({ tlsAgreed }) => tlsAgreed },
  {
    stage: 'Token',
    step: token,
    wanted: (conversation) => conversation.target.auth?.secret.kind === 'oauth2' && reaches(conversation, 'Auth'),
  },
  {
    stage: 'Auth',
    step: logIn,
    wanted: (conversation) => conversation.target.auth !== undefined && reaches(conversation, 'Auth'),
  },
  { stage: 'Envelope', step: envelope, wanted: (conversation) => reaches(conversation, 'Envelope') },
  { stage: 'Data', step: data, wanted: (conversation) => reaches(conversation, 'Message') },
];

function always(): boolean {
  return true;
}

const depths: readonly ProbeDepth[] = ['Connect', 'Tls', 'Auth', 'Envelope', 'Message'];

function reaches({ depth }: Conversation, wanted: ProbeDepth): boolean {
  return depths.indexOf(depth) >= depths.indexOf(wanted);
}

async function converse(conversation: Conversation, { now, onStage }: ProbeDeps): Promise<Outcome> {
  const start = now();
  const durations: Partial<Record<Stage | 'Total', number>> = {};
  let failure: Failure | undefined;
  for (const { stage, step, wanted } of plan) {
    if (!wanted(conversation)) continue;
    const began = now();
    onStage?.({ stage, state: 'started', milliseconds: 0 });
    failure = await step(conversation);
    const milliseconds = Math.max(0, now() - began);
    durations[stage] = milliseconds;
    onStage?.({ stage, state: failure ? 'failed' : 'passed', milliseconds });
    if (failure) break;
  }
  durations.Total = Math.max(0, now() - start);
  return { failure, durations, endedAt: now() };
}

/** No probe outlasts ten steps' time, whatever each single step does; at least 30 s, at most 5 min. */
function overallDeadline(
  { connectionTimeout }: RelayTarget,
  outer: AbortSignal,
): { signal: AbortSignal; clear: () => void } {
  const controller = new AbortController();
  const longest = Math.min(300_000, Math.max(30_000, 10 * connectionTimeout));
  const timer = setTimeout(
    () => controller.abort(`had not answered when the whole probe had taken ${longest / 1000} s`),
    longest,
  );
  const stop = () => controller.abort('had not answered when the probe was stopped');
  outer.addEventListener('abort', stop, { once: true });
  if (outer.aborted) stop();
  return {
    signal: controller.signal,
    clear() {
      clearTimeout(timer);
      outer.removeEventListener('abort', stop);
    },
  };
}
