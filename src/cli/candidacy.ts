// A replica as a candidate for one of the operator's leases.
import { randomUUID } from 'node:crypto';
import { systemClock } from '../store/clock.ts';
import type { ApiClient } from '../store/kubernetes/api-client.ts';
import { createKubernetesLeases } from '../store/kubernetes/kubernetes-leases.ts';
import { type Candidacy, electionTimings } from '../store/leader-election.ts';
import { electionTeller } from './election-teller.ts';

type TellerWords = Parameters<typeof electionTeller>[0];
type TellerDeps = Parameters<typeof electionTeller>[1];

export interface Candidate extends TellerDeps {
  readonly client: ApiClient;
  /** The operator's own. */
  readonly namespace: string;
  readonly identity: string;
}

export function candidacyFor(words: TellerWords, { client, namespace, identity, ...deps }: Candidate): Candidacy {
  return {
    leases: createKubernetesLeases(client, namespace),
    name: words.lease,
    // Two processes that share a name must not share a lease.
    identity: `${identity}_${randomUUID()}`,
    timings: electionTimings,
    clock: systemClock,
    random: Math.random,
    tell: electionTeller(words, deps),
  };
}
