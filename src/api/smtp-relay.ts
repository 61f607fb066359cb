// Short names for the parts of the generated SmtpRelay type that the rooms pass around.
import type { SmtpRelay } from './generated/smtp-relay.ts';
import type { Stage } from './reasons.ts';

export type { SmtpRelay };
export type SmtpRelaySpec = SmtpRelay['spec'];
export type SmtpRelayStatus = NonNullable<SmtpRelay['status']>;
export type Condition = NonNullable<SmtpRelayStatus['conditions']>[number];
/** `status.lastProbe`: what one probe saw. */
export type ProbeReport = NonNullable<SmtpRelayStatus['lastProbe']>;
export type ProbedAddress = NonNullable<ProbeReport['addresses']>[number];
export type ProbedTls = NonNullable<ProbeReport['tls']>;
export type ProbedCertificate = NonNullable<ProbedTls['chain']>[number];
export type ProbedSender = NonNullable<ProbeReport['senders']>[number];
export type ProbeWarning = NonNullable<ProbeReport['warnings']>[number];
export type ProbeDurations = NonNullable<ProbeReport['durations']>;
export type ObservedReference = NonNullable<SmtpRelayStatus['observedReferences']>[number];

export type TlsMode = SmtpRelaySpec['tls']['mode'];
export type Mechanism = NonNullable<SmtpRelaySpec['auth']>['mechanism'];
export type ProbeDepth = SmtpRelaySpec['probe']['depth'];

export const relayApiVersion = 'relaykeeper.dev/v1alpha1';
export const relayKind = 'SmtpRelay';
/** Its value is a token; a new one asks for a probe at once ("Test Connection"). */
export const probeRequestedAnnotation = 'relaykeeper.dev/probe-requested';

/** The field of `status.lastProbe.durations` that a stage's time stands in. */
export const durationOf = {
  Resolve: 'resolve',
  Connect: 'connect',
  Greeting: 'greeting',
  Ehlo: 'ehlo',
  StartTls: 'startTls',
  Tls: 'tls',
  Token: 'token',
  Auth: 'auth',
  Envelope: 'envelope',
  Data: 'data',
} as const satisfies Record<Stage, keyof ProbeDurations>;
