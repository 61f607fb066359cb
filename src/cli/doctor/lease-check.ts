// Who does what can be done by one replica only, and when was it last heard of?
import { createKubernetesLeases } from '../../store/kubernetes/kubernetes-leases.ts';
import type { LeaseRead } from '../../store/lease.ts';
import { ageText } from './age-text.ts';
import type { ClusterWorld } from './cluster-world.ts';
import { type Check, doubtful, type Finding, fine, wrong } from './finding.ts';

export const leaseCheck: Check<ClusterWorld> = { name: 'leases', look };

const leases = [
  ['relaykeeper-probes', 'probes relays'],
  ['relaykeeper-scheduler', 'sends reminders'],
  ['relaykeeper-alarms', 'runs alarm rules'],
] as const;

/** Renewed every two seconds; clocks may differ a little. */
const heardWithin = 20_000;

async function look({ client, place, now }: ClusterWorld, signal: AbortSignal): Promise<readonly Finding[]> {
  const store = createKubernetesLeases(client, place.namespace);
  const reads = await Promise.all(leases.map(([name]) => store.read(name, signal)));
  const states = reads.map((read) => stateOf(read, now()));
  const someoneActs = states.some(({ kind }) => kind === 'held');
  return leases.map(([name, does], index) =>
    judged({ name: `${place.namespace}/${name}`, does, state: states[index] ?? { kind: 'missing' } }, someoneActs),
  );
}

type LeaseState =
  | { readonly kind: 'held' | 'silent'; readonly holder: string; readonly age: number }
  | { readonly kind: 'released' | 'missing' }
  | { readonly kind: 'unknown'; readonly message: string };

function stateOf(read: LeaseRead, now: number): LeaseState {
  if (read.kind === 'failed') return { kind: 'unknown', message: read.message };
  if (read.kind === 'missing') return { kind: 'missing' };
  const { holderIdentity: holder, renewTime } = read.record;
  if (holder === '') return { kind: 'released' };
  const age = Math.max(0, now - Date.parse(renewTime));
  return { kind: age < heardWithin ? 'held' : 'silent', holder, age };
}

interface SeenLease {
  readonly name: string;
  readonly does: string;
  readonly state: LeaseState;
}

function judged({ name, does, state }: SeenLease, someoneActs: boolean): Finding {
  // With --roles a replica may leave something to others, or to nobody on purpose.
  const lacking = someoneActs ? doubtful : wrong;
  const remedy = someoneActs
    ? `Where somebody should, look at --roles of the replicas, and at the log of one that has the role.`
    : 'No operator is heard of: start one, or say where it runs with --operator-namespace; else look at its log.';
  switch (state.kind) {
    case 'held':
      return fine(`${state.holder} ${does} (lease ${name}, renewed ${ageText(state.age)} ago).`);
    case 'silent':
      return lacking(
        `${state.holder} ${does}, but was last heard of ${ageText(state.age)} ago (lease ${name}).`,
        remedy,
      );
    case 'released':
      return lacking(`Nobody ${does}: lease ${name} was given back.`, remedy);
    case 'missing':
      return lacking(`Nobody ${does}: there is no lease ${name}.`, remedy);
    case 'unknown':
      return wrong(
        `It is not known who ${does}: ${state.message}.`,
        'Grant get on leases there, or look at the API server.',
      );
  }
}
