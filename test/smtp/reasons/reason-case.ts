// One way to fail: a server or network that really behaves so, and what the probe must make of it.
import type { Reason, Stage } from '../../../src/api/reasons.ts';
import type { ProbeReport } from '../../../src/api/smtp-relay.ts';
import type { Certificates } from '../certificates.ts';
import type { Zone } from '../dns-server.ts';
import type { HostileServer, Script } from '../hostile-server.ts';
import type { Asked } from '../probing.ts';

export interface World {
  readonly certificates: Certificates;
  /** Starts a server that ends with the test. */
  serve(script: Script): Promise<HostileServer>;
  /** Starts a DNS server that ends with the test; gives what to hand to the probe. */
  resolve(zone: Zone): Promise<{ dnsServers: readonly string[] }>;
  /** Runs this when the test ends. */
  after(stop: () => Promise<void>): void;
}

export interface ReasonCase {
  readonly name: string;
  readonly reason: Reason;
  readonly stage: Stage;
  /** The evidence that the message must hold. */
  readonly says: RegExp;
  /** What the message must tell to do. */
  readonly advises: RegExp;
  readonly ask: (world: World) => Promise<Asked>;
  /** What else must hold of the report. */
  readonly also?: (report: ProbeReport) => void;
}
