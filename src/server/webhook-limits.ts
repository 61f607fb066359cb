// What a client may take of time and memory, each limit and what is usual.

export interface WebhookLimits {
  readonly bodyBytes: number;
  /** Of all bodies under way. */
  readonly allBodyBytes: number;
  readonly connections: number;
  readonly headersTimeout: number;
  readonly bodyTimeout: number;
  readonly idleTimeout: number;
  /** How long a client is listened to that sends on after its answer. */
  readonly lingerTimeout: number;
  readonly closeTimeout: number;
  readonly certificatePoll: number;
}

export const usualLimits: WebhookLimits = {
  bodyBytes: 8 * 1024 * 1024,
  allBodyBytes: 64 * 1024 * 1024,
  connections: 1_000,
  headersTimeout: 10_000,
  bodyTimeout: 30_000,
  idleTimeout: 60_000,
  lingerTimeout: 2_000,
  closeTimeout: 10_000,
  certificatePoll: 10_000,
};
