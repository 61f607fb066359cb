// Reads all that a decision about a relay needs: its spec, what the spec refers to, the last probe, an open request.
import { fitStatus } from '../api/fit-status.ts';
import { probeRequestedAnnotation, type SmtpRelay } from '../api/smtp-relay.ts';
import type { Violation } from '../api/violation.ts';
import { hostAllowed } from '../smtp/host-allowed.ts';
import type { StoredRelay } from '../store/store.ts';
import { type Facts, recalledProbe } from './decide.ts';
import type { OperatorSettings } from './operator-settings.ts';
import { referencesOf } from './references.ts';
import type { RelayDeps } from './relay-deps.ts';
import type { RelayMemory } from './relay-memory.ts';
import { type ResolvedReferences, resolveReferences } from './resolve-references.ts';

export interface Observation {
  readonly facts: Facts;
  /** With the secrets in it; used for this one reconcile and then let go. */
  readonly references: ResolvedReferences | undefined;
}

export async function observeRelay(stored: StoredRelay, memory: RelayMemory, deps: RelayDeps): Promise<Observation> {
  const spec = usableSpec(memory, deps.settings);
  const references = await readReferences(stored, spec, deps);
  const { generation, annotations } = stored.metadata;
  if (deps.recall && spec.kind === 'valid' && !memory.status) {
    memory.lastProbe ??= recalledProbe(stored.status, { relay: spec.relay, generation, random: deps.random() });
  }
  const token = requestToken(annotations?.[probeRequestedAnnotation]);
  const handled = (memory.status ?? stored.status)?.lastHandledProbeRequest;
  return {
    references,
    facts: {
      now: deps.now(),
      generation,
      spec,
      references,
      lastProbe: memory.lastProbe,
      openRequest: token === handled ? undefined : token,
    },
  };
}

/** As status can hold it: what is compared with status must not differ by what fits there. */
function requestToken(annotation: string | undefined): string | undefined {
  return annotation ? fitStatus({ lastHandledProbeRequest: annotation }).lastHandledProbeRequest : undefined;
}

/** The relay with defaults applied, or the first thing wrong with it, the others named after it. */
function usableSpec({ parsed }: RelayMemory, settings: OperatorSettings): Facts['spec'] {
  if (parsed.kind === 'invalid') {
    const [first, ...more] = parsed.violations;
    const others = more.map(({ fieldPath, message }) => `; ${fieldPath}: ${message}`).join('');
    return { kind: 'invalid', violation: { ...first, message: `${first.message}${others}` } };
  }
  const violation = hostViolation(parsed.relay, settings);
  return violation ? { kind: 'invalid', violation } : parsed;
}

function hostViolation({ spec: { host, auth } }: SmtpRelay, settings: OperatorSettings): Violation | undefined {
  if (!hostAllowed(host, settings.allowedRelayHosts)) return notAllowed('spec.host', host, '--allowed-relay-hosts');
  const tokenHost = auth?.oauth2 && URL.parse(auth.oauth2.tokenUrl)?.hostname;
  if (tokenHost && !hostAllowed(tokenHost, settings.allowedTokenHosts)) {
    return notAllowed('spec.auth.oauth2.tokenUrl', tokenHost, '--allowed-token-hosts');
  }
  return undefined;
}

function notAllowed(fieldPath: string, host: string, flag: string): Violation {
  return {
    reason: 'ReferenceNotAllowed',
    fieldPath,
    message: `${host} is not among the hosts that the administrator allows (${flag})`,
  };
}

async function readReferences(
  { metadata }: StoredRelay,
  spec: Facts['spec'],
  { store }: RelayDeps,
): Promise<ResolvedReferences | undefined> {
  const references = spec.kind === 'valid' ? referencesOf(metadata, spec.relay.spec) : [];
  store.follow(metadata, references);
  return spec.kind === 'valid' && !spec.relay.spec.suspend
    ? resolveReferences(references, spec.relay.spec, store)
    : undefined;
}
