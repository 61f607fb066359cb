// Transitions as lines of JSON in `<state>/events.jsonl`; at 1 MiB it becomes `events.1.jsonl`, in place of the one before.
import { appendFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Key } from '../../api/resource.ts';
import { createSerially } from '../serially.ts';
import { ioCode, ioWords } from './io-words.ts';

export interface LoggedEvent {
  readonly regarding: Key & { readonly kind: string };
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly action: string;
  readonly note: string;
}

export interface EventLog {
  /** What went wrong, a sentence; undefined when it is written. */
  append(event: LoggedEvent, now: number): Promise<string | undefined>;
}

export function createEventLog(directory: string, mostBytes = 1_048_576): EventLog {
  const path = join(directory, 'events.jsonl');
  const serially = createSerially();

  const append = async (event: LoggedEvent, now: number) => {
    try {
      if ((await sizeOf(path)) >= mostBytes) await rename(path, join(directory, 'events.1.jsonl'));
      await appendFile(path, `${JSON.stringify(eventLine(event, now))}\n`);
      return undefined;
    } catch (error) {
      return `${path} cannot be written: ${ioWords(error)}.`;
    }
  };
  return { append: (event, now) => serially(path, () => append(event, now)) };
}

function eventLine({ regarding, type, reason, action, note }: LoggedEvent, now: number) {
  const { kind, namespace, name } = regarding;
  return { time: new Date(now).toISOString(), kind, namespace, name, type, reason, action, note };
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (ioCode(error) === 'ENOENT') return 0;
    throw error;
  }
}
