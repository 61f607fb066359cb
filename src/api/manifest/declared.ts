// What a set of manifests declares, by kind, namespace and name: relays and policies, and the Secrets and ConfigMaps that
// they may need.
import { isObject, type JsonObject, ownValue } from '../json.ts';
import { policyKind } from '../notification-policy.ts';
import { relayApiVersion, relayKind } from '../smtp-relay.ts';
import type { ManifestDocument } from './manifest-file.ts';

export interface Declared {
  readonly kind: 'SmtpRelay' | 'NotificationPolicy' | 'Secret' | 'ConfigMap';
  readonly namespace: string;
  /** Empty where the manifest names none. */
  readonly name: string;
  readonly document: ManifestDocument;
  /** False where only the cluster will know its content: a sealed, external or encrypted Secret. */
  readonly readable: boolean;
}

const relayGroup = relayApiVersion.slice(0, relayApiVersion.indexOf('/'));

/** Undefined for what neither relay nor policy needs. */
export function declaredBy(document: ManifestDocument, defaultNamespace: string): Declared | undefined {
  const { value } = document;
  const metadata = objectIn(value, 'metadata');
  const namespace = text(metadata.namespace) || defaultNamespace;
  const plain = (kind: Declared['kind'], readable = true): Declared => ({
    kind,
    namespace,
    name: text(metadata.name),
    document,
    readable,
  });
  const made = secretMadeFrom(value);
  if (made) return { kind: 'Secret', namespace, name: made, document, readable: false };
  if (value.kind === relayKind && isRelayGroup(value.apiVersion)) return plain('SmtpRelay');
  if (value.kind === policyKind && isRelayGroup(value.apiVersion)) return plain('NotificationPolicy');
  // SOPS encrypts the values in the file and says so beside them.
  if (value.kind === 'Secret' && value.apiVersion === 'v1') return plain('Secret', !Object.hasOwn(value, 'sops'));
  return value.kind === 'ConfigMap' && value.apiVersion === 'v1' ? plain('ConfigMap') : undefined;
}

/** Ours, or a version without a group, which someone meant as ours. */
export function isRelayGroup(apiVersion: unknown): boolean {
  const version = text(apiVersion);
  return !version.includes('/') || version.startsWith(`${relayGroup}/`);
}

/** The name of the Secret that a controller makes from this object in the cluster. */
function secretMadeFrom(value: JsonObject): string | undefined {
  const [group] = text(value.apiVersion).split('/');
  const own = text(objectIn(value, 'metadata').name);
  const spec = objectIn(value, 'spec');
  switch (`${group} ${text(value.kind)}`) {
    case 'bitnami.com SealedSecret':
      return own || undefined;
    case 'external-secrets.io ExternalSecret':
      return text(objectIn(spec, 'target').name) || own || undefined;
    case 'cert-manager.io Certificate':
      return text(spec.secretName) || undefined;
    default:
      return undefined;
  }
}

function objectIn(value: JsonObject, field: string): JsonObject {
  const found = ownValue(value, field);
  return isObject(found) ? found : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
