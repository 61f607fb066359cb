// The SmtpRelays of manifest files, with the Secrets and ConfigMaps beside them.
import { type Declared, declaredBy } from '../api/manifest/declared.ts';
import { objectData } from '../api/manifest/object-data.ts';
import { readManifestText } from '../api/manifest/read-manifests.ts';
import type { ReadResult, Reference } from '../store/store.ts';
import { type Io, UnusableArgument } from './io.ts';
import { manifestSources } from './manifest-sources.ts';
import type { ProbeFlags } from './probe-command.ts';
import type { RelaySource } from './probe-relay-target.ts';

/** The relays of the files, or the one of that name. Throws UnusableArgument where there is none, or a file is broken. */
export async function relaysInManifests(
  paths: readonly string[],
  { name, flags, io }: { name: string | undefined; flags: ProbeFlags; io: Io },
): Promise<readonly RelaySource[]> {
  const declared = await declaredIn(paths, flags.namespace ?? 'default', io);
  const relays = declared.filter(({ kind }) => kind === 'SmtpRelay');
  const chosen = relays.filter(
    (relay) =>
      (name === undefined || relay.name === name) &&
      (flags.namespace === undefined || relay.namespace === flags.namespace),
  );
  if (chosen.length === 0) {
    const known = relays.map((relay) => relay.name).join(', ') || 'none';
    throw new UnusableArgument(
      name === undefined
        ? `there is no SmtpRelay in ${paths.join(' ')}`
        : `there is no SmtpRelay "${name}" in ${paths.join(' ')}; the files have: ${known}`,
    );
  }
  return chosen.map(({ namespace, name: relayName, document }) => ({
    relay: {
      metadata: { namespace, name: relayName, uid: '', generation: 1, resourceVersion: '' },
      manifest: document.value,
    },
    read: (reference) => Promise.resolve(readDeclared(declared, reference)),
  }));
}

async function declaredIn(paths: readonly string[], namespace: string, io: Io): Promise<Declared[]> {
  const sources = await manifestSources(paths, io.stdin);
  return sources.flatMap(({ name, read }) => {
    if (read.kind === 'failed') throw new UnusableArgument(`${name}: ${read.message}`);
    const { documents, problems } = readManifestText(name, read.text);
    const fault = problems.find(({ warning }) => !warning);
    if (fault) throw new UnusableArgument(`${name}:${fault.position?.line ?? 1}: ${fault.message}`);
    return documents.flatMap((document) => declaredBy(document, namespace) ?? []);
  });
}

function readDeclared(declared: readonly Declared[], { kind, namespace, name }: Reference): ReadResult {
  const found = declared.find((one) => one.kind === kind && one.namespace === namespace && one.name === name);
  if (!found) return { kind: 'missing' };
  if (!found.readable) {
    return { kind: 'unavailable', message: `only the cluster knows what it holds; probe there, without -f` };
  }
  const { value } = found.document;
  const content = objectData(value);
  if (content.kind === 'invalid') return { kind: 'unavailable', message: `${content.fieldPath}: ${content.message}` };
  const type = typeof value.type === 'string' ? value.type : '';
  return { kind: 'found', object: { resourceVersion: '', type, data: content.data } };
}
