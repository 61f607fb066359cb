// Conditions by the Kubernetes API conventions ("Typical status properties") and kstatus's rules for
// Reconciling and Stalled, and the laws that every status of ours keeps.
import type { Condition, SmtpRelayStatus } from './smtp-relay.ts';

/** Condition types of an SmtpRelay and what True means. */
export const relayConditions = {
  Ready: 'mail can leave through this relay, as far as spec.probe.depth looks',
  Reconciling: 'a changed spec is being tried (there only while True)',
  Stalled: 'only an edit of the spec can help (there only while True)',
  Accepted: 'the spec can be used',
  ReferencesResolved: 'every Secret and ConfigMap that the spec names exists and can be used',
  Reachable: 'an SMTP server answers at host and port',
  Encrypted: 'the connection is encrypted and the server verified, as far as spec.tls asks',
  Authenticated: 'the server accepted the login',
  SenderAccepted: 'the server accepted the senders in use',
  CertificateValid: "the server's certificate is trusted and does not end soon",
} as const;
/** Condition types that a NotificationPolicy has beside Ready, Reconciling, Stalled, Accepted and ReferencesResolved. */
export const policyConditions = {
  RelayReady: 'a relay of the policy can take mail',
  Delivering: 'mail of the policy is accepted by relays',
} as const;
export type ConditionType = keyof typeof relayConditions | keyof typeof policyConditions;

/** What a condition should say; when it last changed is worked out from the one before. */
export interface DesiredCondition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: string;
  readonly message: string;
}

const abnormalTrue: readonly string[] = ['Reconciling', 'Stalled'];

/** The next list of conditions: in a fixed order, `lastTransitionTime` moved only where `status` did. */
export function nextConditions(
  before: readonly Condition[],
  desired: readonly DesiredCondition[],
  { generation, now }: { generation: number; now: number },
): Condition[] {
  return desired.map((wanted) => {
    const old = before.find((condition) => condition.type === wanted.type);
    const lastTransitionTime = old?.status === wanted.status ? old.lastTransitionTime : timestamp(now);
    return { ...wanted, observedGeneration: generation, lastTransitionTime };
  });
}

/** RFC 3339 in whole seconds, the form of metav1.Time. */
export function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** The laws that a status breaks, as sentences; none for a lawful one. `before` is the status that it follows. */
export function brokenLaws(status: SmtpRelayStatus, before?: SmtpRelayStatus): string[] {
  const conditions = status.conditions ?? [];
  const of = (type: ConditionType) => conditions.find((condition) => condition.type === type);
  const ready = of('Ready');
  const broken: string[] = [];
  const law = (holds: boolean, text: string) => {
    if (!holds) broken.push(text);
  };

  law(new Set(conditions.map(({ type }) => type)).size === conditions.length, 'a condition type stands once');
  law(conditions.length === 0 || ready !== undefined, 'Ready is always there and sums up');
  for (const { type, status: value, reason, observedGeneration } of conditions) {
    law(
      Object.hasOwn(relayConditions, type) || Object.hasOwn(policyConditions, type),
      `${type} is a condition type of the table`,
    );
    law(/^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$/.test(reason), `the reason of ${type} is one CamelCase word`);
    law((observedGeneration ?? 0) <= (status.observedGeneration ?? 0), `${type} is not ahead of observedGeneration`);
    law(!abnormalTrue.includes(type) || value === 'True', `${type} is absent rather than ${value}`);
    law(
      type === 'Ready' || ready?.status !== 'True' || normal(type, value),
      `Ready is not True while ${type} is ${value}`,
    );
  }
  law(!(of('Reconciling') && of('Stalled')), 'Reconciling and Stalled exclude each other');
  law(!of('Stalled') || ready?.status === 'False', 'a stalled resource is not ready');
  law(of('Accepted')?.status !== 'False' || of('Stalled') !== undefined, 'a spec that is not accepted is stalled');
  law(!of('Reconciling') || ready?.status !== 'True', 'a resource being reconciled is not ready');
  law((status.observedGeneration ?? 0) >= (before?.observedGeneration ?? 0), 'observedGeneration never goes back');
  for (const old of before?.conditions ?? []) {
    const now = conditions.find(({ type }) => type === old.type);
    if (!now) continue;
    law(
      now.status !== old.status || now.lastTransitionTime === old.lastTransitionTime,
      `lastTransitionTime of ${old.type} moves only when its status does`,
    );
  }
  return broken;
}

/** Whether this value of a condition goes with Ready=True; an Encrypted or CertificateValid of False may be by the user's own choice. */
function normal(type: string, status: string): boolean {
  if (abnormalTrue.includes(type)) return false;
  if (type === 'Encrypted' || type === 'CertificateValid') return true;
  return status !== 'False';
}
