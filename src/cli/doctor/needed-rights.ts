// The rights that the operator needs, by how it was set up: the table of README.md. Tests hold it to the roles of the chart.
import type { NamedReference } from './declared-facts.ts';

export type SecretAccess = 'Cluster' | 'Namespaces' | 'Named';

export interface OperatorPlace {
  /** Where the operator runs. */
  readonly namespace: string;
  /** Those that it watches; none: all. */
  readonly namespaces: readonly string[];
  readonly secretAccess: SecretAccess;
}

export interface Right {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  /** Absent: in all namespaces. */
  readonly namespace?: string;
  /** Only objects of this name. */
  readonly name?: string;
}

export interface DeclaredNeeds {
  readonly references: readonly NamedReference[];
  readonly namespaces: readonly string[];
  readonly needsEvents: boolean;
  /** Of alarms' conditions and reminders' resources, by their names in the API. */
  readonly watched: readonly { readonly group: string; readonly resource: string }[];
}

const read = ['get', 'list', 'watch'];

export function neededRights(place: OperatorPlace, needs: DeclaredNeeds): readonly Right[] {
  const { namespace, namespaces } = place;
  const events = needs.needsEvents ? ['create', 'list', 'watch'] : ['create'];
  const watched: Right[] = [
    { group: 'relaykeeper.dev', resource: 'smtprelays', verbs: read },
    { group: 'relaykeeper.dev', resource: 'smtprelays/status', verbs: ['patch'] },
    { group: 'relaykeeper.dev', resource: 'notificationpolicies', verbs: read },
    { group: 'relaykeeper.dev', resource: 'notificationpolicies/status', verbs: ['patch'] },
    { group: 'events.k8s.io', resource: 'events', verbs: events },
    ...needs.watched.map((kind) => ({ ...kind, verbs: ['list', 'watch'] })),
  ];
  return [
    ...everywhere(namespaces, watched),
    // Which namespaces there are matters only to who looks into all of them.
    ...(namespaces.length === 0 ? [{ group: '', resource: 'namespaces', verbs: ['list', 'watch'] }] : []),
    ...secretRights(place, needs),
    // Its key, outbox, ledger, journal and inbox.
    { group: '', resource: 'secrets', verbs: [...read, 'create', 'patch', 'delete'], namespace },
    { group: 'coordination.k8s.io', resource: 'leases', verbs: ['get', 'create', 'patch', 'delete'], namespace },
  ];
}

function secretRights({ namespaces, secretAccess }: OperatorPlace, needs: DeclaredNeeds): readonly Right[] {
  const both = ['secrets', 'configmaps'].map((resource) => ({ group: '', resource, verbs: read }));
  switch (secretAccess) {
    case 'Cluster':
      return everywhere(namespaces, both);
    case 'Namespaces': {
      // Only where something is declared that may name one.
      const named = namespaces.length > 0 ? namespaces : needs.namespaces;
      return named.length === 0 ? [] : everywhere(named, both);
    }
    case 'Named':
      return needs.references.map(({ resource, namespace, name }) => ({
        group: '',
        resource,
        verbs: read,
        namespace,
        name,
      }));
  }
}

function everywhere(namespaces: readonly string[], rights: readonly Right[]): readonly Right[] {
  if (namespaces.length === 0) return rights;
  return namespaces.flatMap((namespace) => rights.map((right) => ({ ...right, namespace })));
}
