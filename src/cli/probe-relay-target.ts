// The target that an SmtpRelay describes, with what it refers to read from wherever the relay is.

import { keyText } from '../api/resource.ts';
import { parseRelay } from '../api/validate-relay.ts';
import { makeTarget, type TargetSettings } from '../relays/make-target.ts';
import { referencesOf } from '../relays/references.ts';
import { resolveReferences } from '../relays/resolve-references.ts';
import type { Store, StoredRelay } from '../store/store.ts';
import type { ProbeFlags } from './probe-command.ts';
import type { ImpossibleTarget, NamedTarget } from './probe-target.ts';

export interface RelaySource {
  readonly relay: Pick<StoredRelay, 'metadata' | 'manifest'>;
  readonly read: Store['read'];
}

export async function targetFromRelay(
  { relay, read }: RelaySource,
  flags: ProbeFlags,
  settings: TargetSettings,
): Promise<NamedTarget | ImpossibleTarget> {
  const title = `SmtpRelay ${keyText(relay.metadata)}`;
  const parsed = parseRelay(relay.manifest);
  if (parsed.kind === 'invalid') {
    const faults = parsed.violations.map(({ fieldPath, message }) => `${fieldPath}: ${message}`);
    return impossible(`${title} is not valid: ${faults.join('; ')}`);
  }
  const spec = withFlags(parsed.relay.spec, flags);
  const resolved = await resolveReferences(referencesOf(relay.metadata, spec), spec, { read });
  if (resolved.kind === 'unavailable') return impossible(`${title}: ${resolved.message}`);
  if (resolved.kind === 'violation') {
    const { reason, fieldPath, message } = resolved.violation;
    // Here it is the user's own rights that do not suffice.
    return impossible(`${title}: ${reason}: ${fieldPath}: ${message.replace(/^the operator may/, 'you may')}`);
  }
  const target = makeTarget(spec, { parts: resolved.parts, settings, held: undefined });
  return { kind: 'target', title, target, depth: spec.probe.depth, warnings: resolved.parts.warnings };
}

function impossible(message: string): ImpossibleTarget {
  return { kind: 'impossible', message };
}

type Spec = Extract<ReturnType<typeof parseRelay>, { kind: 'valid' }>['relay']['spec'];

/** The flags that make sense for a declared relay win over its spec. */
function withFlags(spec: Spec, { depth, timeout, from, to }: ProbeFlags): Spec {
  return {
    ...spec,
    ...(timeout !== undefined && { connectionTimeout: `${timeout}ms` }),
    ...(from !== undefined && { sender: { ...spec.sender, address: from, envelopeFrom: from } }),
    probe: { ...spec.probe, ...(depth !== undefined && { depth }), ...(to !== undefined && { recipient: to }) },
  };
}
