// The port to all that a NotificationPolicy looks at: policies, accounts, certificates, namespaces, other resources.
// Beside store.ts, which has the relays; one adapter implements both.
import type { Account } from '../api/account.ts';
import type { NotificationPolicyStatus } from '../api/notification-policy.ts';
import type { Key, ObjectMeta } from '../api/resource.ts';
import type { ReadResult, StoreProblem, WriteResult } from './store.ts';

/** A NotificationPolicy as the store has it; the spec is unchecked. */
export interface StoredPolicy {
  readonly metadata: ObjectMeta & {
    readonly uid: string;
    readonly generation: number;
    readonly resourceVersion: string;
  };
  readonly manifest: unknown;
  readonly status: NotificationPolicyStatus | undefined;
}

/** What of a namespace decides who may look at its subjects. */
export interface StoredNamespace {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** An account without its password, or why its Secret is none. */
export type StoredAccount =
  | { readonly kind: 'account'; readonly account: Account }
  | {
      readonly kind: 'invalid';
      readonly key: Key;
      readonly labels: Readonly<Record<string, string>>;
      readonly problems: readonly string[];
    };

/** A Secret of type kubernetes.io/tls: its leaf certificate's dates and names, never its key. */
export interface StoredCertificate extends Key {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch; undefined where tls.crt cannot be read. */
  readonly notAfter: number | undefined;
  readonly notBefore: number | undefined;
  /** Distinguished names; empty where tls.crt cannot be read. */
  readonly subject: string;
  readonly issuer: string;
  /** DNS names and IP addresses, the first 21. */
  readonly names: readonly string[];
}

/** Any other object, as it is, without managedFields. */
export interface StoredResource extends Key {
  readonly labels: Readonly<Record<string, string>>;
  readonly object: Readonly<Record<string, unknown>>;
}

export interface ResourceKind {
  readonly apiVersion: string;
  readonly kind: string;
}

export type ResourceList =
  | { readonly kind: 'found'; readonly resources: readonly StoredResource[] }
  /** RBAC, or the kind does not exist: a sentence. */
  | { readonly kind: 'unavailable'; readonly message: string };

export interface PolicyListener {
  readonly policyChanged: (key: Key) => void;
  /** An account of this namespace was created, changed or deleted. */
  readonly accountChanged: (key: Key) => void;
  readonly problem: (problem: StoreProblem) => void;
}

export interface PolicyStore {
  /** Resolves once policies, namespaces and accounts are listed. */
  startPolicies(listener: PolicyListener, signal: AbortSignal): Promise<void>;
  listPolicies(): readonly Key[];
  getPolicy(key: Key): StoredPolicy | undefined;
  accounts(namespace: string): readonly StoredAccount[];
  account(key: Key): StoredAccount | undefined;
  /** The Secret with its password, read anew: only while a mail is made. */
  readAccountSecret(key: Key): Promise<ReadResult>;
  certificates(namespace: string): Promise<readonly StoredCertificate[]>;
  /** Why these of a namespace cannot be seen at present (access, RBAC, not listed yet), a sentence. What is listed then is not all. */
  whyUnseen(subjects: 'accounts' | 'certificates', namespace: string): string | undefined;
  /** Likewise, of `namespaces`. */
  whyNamespacesUnseen(): string | undefined;
  /** Whether an account that is not listed is known to be gone; false where it is merely unseen, or its file is broken. */
  accountsComplete(namespace: string): boolean;
  /** Whether a policy that is not listed is known to be gone, likewise. */
  policiesComplete(namespace: string): boolean;
  resources(kind: ResourceKind, namespace: string): Promise<ResourceList>;
  namespaces(): readonly StoredNamespace[];
  /** The texts of a ConfigMap of that name. */
  readTexts(key: Key): Promise<ReadResult>;
  /** Tells that the policy changed when one of these ConfigMaps does, in place of what was followed for it before. */
  followTexts(policy: Key, configMaps: readonly Key[]): void;
  writePolicyStatus(policy: StoredPolicy, status: NotificationPolicyStatus): Promise<WriteResult>;
  recordPolicyEvent(event: {
    regarding: StoredPolicy;
    type: 'Normal' | 'Warning';
    reason: string;
    action: string;
    note: string;
  }): Promise<void>;
  /** On an account's Secret: why it cannot be used. */
  recordAccountEvent(event: { account: Key; reason: string; note: string }): Promise<void>;
}
