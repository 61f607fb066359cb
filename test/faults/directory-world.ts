// A directory with a relay, a policy and accounts that come in batches, for an operator that is a process of its own.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Program, Running } from '../cli/program.ts';
import { account, credentials, policy, put, relay } from '../policies/operating.ts';
import { type Folders, newFolders } from '../store/directory/opened-store.ts';
import { eventually } from '../store/eventually.ts';
import type { Sink } from './sink.ts';

export interface DirectoryWorld {
  readonly folders: Folders;
  readonly addresses: readonly string[];
  addAccounts(count: number): void;
  start(): Running;
  /** The command line with this world's directories. */
  flags: readonly string[];
  /** Waits until every account has its mail and the outbox is empty but for what is dead. */
  allArrived(options?: { readonly but?: () => number; readonly within?: number }): Promise<void>;
  waiting(): number;
}

interface WorldOptions {
  readonly program: Program;
  readonly sink: Sink;
  readonly folders?: Folders;
}

export function directoryWorld({ program, sink, folders = newFolders() }: WorldOptions): DirectoryWorld {
  const addresses: string[] = [];
  let batches = 0;
  put(folders, 'relay', relay('corporate', sink.port, { limits: { maxConnections } }));
  put(folders, 'policy', policy({ maxPerRun: 10_000, credentials: [credentials({ backfill: true })] }));
  const flags = ['--directory', folders.directory, '--state', folders.stateDirectory];
  const box = join(folders.stateDirectory, 'outbox', 'waiting');
  const waiting = () => (existsSync(box) ? readdirSync(box).length : 0);
  return {
    folders,
    addresses,
    flags,
    waiting,
    addAccounts(count) {
      const names = Array.from({ length: count }, (_, index) => `guest-${addresses.length + index}`);
      batches += 1;
      put(folders, `accounts-${batches}`, ...names.map((name) => account(name)));
      addresses.push(...names.map((name) => `${name}@example.com`));
    },
    start: () => program.start(['run', ...flags]),
    async allArrived({ but = () => 0, within = 120_000 } = {}) {
      const missing = () => addresses.length - but() - sink.judge().arrived.size;
      await eventually('every mail arrives, and the outbox is empty', () => missing() <= 0 && waiting() === 0, {
        within,
      }).catch((error) => {
        throw new Error(`${error.message}; ${missing()} did not arrive, ${waiting()} wait`);
      });
    },
  };
}

export const maxConnections = 5;

/** SIGTERM, then exit code 0. */
export async function stopped(running: Running): Promise<void> {
  running.signal('SIGTERM');
  const { code, stderr } = await running.ended;
  expect(stderr).toBe('');
  expect(code).toBe(0);
}
