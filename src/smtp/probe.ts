// Runs one probe ("Test Connection"): a whole conversation with a relay, down to the depth asked for.

import type { Stage } from '../api/reasons.ts';
import type { ProbeDepth, ProbeReport } from '../api/smtp-relay.ts';
import type { RelayTarget } from './relay-target.ts';

export interface ProbeRequest {
  readonly target: RelayTarget;
  readonly depth: ProbeDepth;
}

export interface ProbeDeps {
  /** Now, in milliseconds since the epoch. */
  readonly now: () => number;
  /** Ends the probe early (shutdown); it then still reports. */
  readonly signal: AbortSignal;
  /** Told as each stage begins and ends, for progress on a terminal. */
  readonly onStage?: (event: { stage: Stage; state: 'started' | 'passed' | 'failed'; milliseconds: number }) => void;
}

export type Probe = (request: ProbeRequest, deps: ProbeDeps) => Promise<ProbeReport>;
