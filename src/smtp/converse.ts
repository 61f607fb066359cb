// The stages of a conversation in order, from the name to the test message. Probe and delivery walk the same ones, so
// that what the one finds is what the other meets.
import type { Stage } from '../api/reasons.ts';
import type { ProbeDepth } from '../api/smtp-relay.ts';
import type { Conversation, Step } from './conversation.ts';
import type { Failure } from './failure.ts';
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

/** Told of each stage; does the step and gives back what failed. */
export type WalkStage = (stage: Stage, step: () => Promise<Failure | undefined>) => Promise<Failure | undefined>;

/** Walks down to the conversation's depth, or to the first failure. */
export async function converse(conversation: Conversation, walk: WalkStage): Promise<Failure | undefined> {
  for (const { stage, step, wanted } of plan) {
    if (!wanted(conversation)) continue;
    const failure = await walk(stage, () => step(conversation));
    if (failure) return failure;
  }
  return undefined;
}

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
