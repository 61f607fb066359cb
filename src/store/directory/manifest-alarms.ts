// What a directory shows of troubles: the conditions that manifests declare in their status. It has no Events.
import { type Key, keyText } from '../../api/resource.ts';
import type { AlarmStore } from '../alarm-store.ts';
import { refusedKind } from '../refused-kind.ts';
import type { DeclaredResource } from './declared-resource.ts';
import type { ManifestSet } from './manifest-set.ts';

export interface ManifestAlarms extends AlarmStore {
  /** Manifests were read, for the first time or anew. */
  manifestsRead(): void;
}

export function createManifestAlarms(manifests: Pick<ManifestSet, 'resources'>): ManifestAlarms {
  const followers = new Set<Follower>();
  let isRead = false;

  return {
    manifestsRead() {
      isRead = true;
      for (const follower of followers) follower.look();
    },
    followEvents({ problem }, signal) {
      problem({ subject: eventsSubject, message: noEvents, warning: true });
      whenAborted(signal, () => problem({ subject: eventsSubject, message: undefined, warning: true }));
    },
    followResources(options, signal) {
      if (signal.aborted) return;
      const { kind, problem } = options;
      const subject = `follow ${kind.kind} of ${kind.apiVersion}`;
      const refused = refusedKind(kind);
      if (refused) {
        problem({ subject, message: refused });
        return whenAborted(signal, () => problem({ subject, message: undefined }));
      }
      const follower = createFollower(manifests, options);
      followers.add(follower);
      whenAborted(signal, () => followers.delete(follower));
      if (isRead) follower.look();
    },
  };
}

const eventsSubject = 'follow Events';
const noEvents =
  'A directory has no Kubernetes Events: sources.kubernetesEvents raises no alarms here. The other sources (webhook, resourceConditions, relays) do.';

interface Follower {
  /** Tells of what differs from the last look. */
  look(): void;
}

function createFollower(
  manifests: Pick<ManifestSet, 'resources'>,
  { kind, namespaces, changed, gone, complete }: Parameters<AlarmStore['followResources']>[0],
): Follower {
  let told = new Map<string, DeclaredResource>();
  let isComplete = false;
  // What is in no namespace is not followed on a cluster either.
  const isWanted = ({ namespace }: Key) => namespace !== '' && (namespaces?.includes(namespace) ?? true);

  return {
    look() {
      const before = told;
      told = new Map(
        manifests
          .resources(kind)
          .filter(isWanted)
          .map((resource) => [keyText(resource), resource]),
      );
      for (const [text, resource] of told) if (before.get(text) !== resource) changed(storedResource(resource));
      for (const [text, { namespace, name }] of before) if (!told.has(text)) gone({ namespace, name });
      if (!isComplete) complete();
      isComplete = true;
    },
  };
}

function storedResource({ namespace, name, labels, object }: DeclaredResource) {
  return { namespace, name, labels, object };
}

function whenAborted(signal: AbortSignal, work: () => void): void {
  if (signal.aborted) work();
  else signal.addEventListener('abort', work, { once: true });
}
