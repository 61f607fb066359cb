// The outbox as a command reaches it, beside an operator that may be running.
import type { Outbox } from '../mail/outbox/outbox.ts';
import type { Io } from './io.ts';
import { type SourceFlags, sourcePlace } from './source-flags.ts';
import type { ToldProblems } from './told-problems.ts';

export interface OutboxAccess extends Pick<Outbox, 'list' | 'read'> {
  /** `reason` is that of a drop. */
  change(id: string, kind: OutboxChange, reason: string): Promise<ChangeResult>;
  close(): Promise<void>;
}

export type OutboxChange = 'retry' | 'drop';

export type ChangeResult =
  | { readonly kind: 'done' }
  /** By the operator, who records it. */
  | { readonly kind: 'doneByOperator' }
  /** A sentence. */
  | { readonly kind: 'failed'; readonly message: string };

export interface AccessDeps {
  readonly io: Io;
  readonly problems: ToldProblems;
}

export async function openOutboxAccess(flags: SourceFlags, deps: AccessDeps): Promise<OutboxAccess> {
  const place = sourcePlace(flags);
  if (place.kind === 'directory') {
    const { spoolAccess } = await import('./outbox-spool.ts');
    return spoolAccess(place.state, deps.problems);
  }
  const { clusterOutboxAccess } = await import('./outbox-cluster.ts');
  return clusterOutboxAccess(flags, deps);
}
