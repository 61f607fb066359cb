// What the relays room needs from outside; time, randomness and the network come in here.

import type { LogFields } from '../api/log-fields.ts';
import type { TokenSource } from '../smtp/oauth/token-source.ts';
import type { Probe } from '../smtp/probe.ts';
import type { Store } from '../store/store.ts';
import type { LoginGuard } from './login-guard.ts';
import type { OperatorSettings } from './operator-settings.ts';
import type { RelayMeter } from './relay-meter.ts';
import type { SetTimer } from './timer.ts';

export interface RelayDeps {
  readonly store: Store;
  readonly probe: Probe;
  readonly tokens: TokenSource;
  readonly settings: OperatorSettings;
  readonly log: Log;
  /** Which logins rest; shared with delivery. Absent, one of its own. */
  readonly logins?: LoginGuard;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly setTimer: SetTimer;
  /** 0 to 1. */
  readonly random: () => number;
  /** Asked right before each probe and each write: false once another replica may have taken over (fencing). */
  readonly mayAct: () => boolean;
  /** Whether what an earlier process saw of a relay counts; where not, each is probed at the start. */
  readonly recall: boolean;
  /** Absent: nothing is counted. */
  readonly meter?: RelayMeter | undefined;
}

/** One line an occurrence; fields never hold secrets. */
export interface Log {
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
}
