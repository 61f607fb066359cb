// One fs.watch a directory. `recursive: true` would on Linux watch every single file, ten thousand for as many relays.
import { type FSWatcher, watch } from 'node:fs';
import { ioCode, ioWords } from './io-words.ts';

export interface DirectoryWatchers {
  /** Watches exactly these directories (path to identity), at most `mostWatched`; whether some are watched anew. */
  watchOnly(directories: ReadonlyMap<string, string>): boolean;
  /** Why some are not watched; undefined while all are. */
  problem(): string | undefined;
  close(): void;
}

const mostWatched = 2_000;

/** `onEvent` gets the directory and the name in it, where the system tells one. */
export function createDirectoryWatchers(
  onEvent: (directory: string, name: string | undefined) => void,
): DirectoryWatchers {
  const watched = new Map<string, { identity: string; watcher: FSWatcher }>();
  let problem: string | undefined;

  const unwatch = (path: string) => {
    watched.get(path)?.watcher.close();
    watched.delete(path);
  };
  const start = (path: string, identity: string) => {
    try {
      const watcher = watch(path, (_event, name) => onEvent(path, name ?? undefined));
      watcher.on('error', () => {
        unwatch(path);
        onEvent(path, undefined);
      });
      watched.set(path, { identity, watcher });
    } catch (error) {
      if (ioCode(error) !== 'ENOENT') problem = watchProblem(error);
    }
  };

  return {
    watchOnly(directories) {
      problem = undefined;
      for (const [path, { identity }] of watched) {
        if (directories.get(path) !== identity) unwatch(path);
      }
      const unwatched = [...directories].slice(0, mostWatched).filter(([path]) => !watched.has(path));
      for (const [path, identity] of unwatched) start(path, identity);
      return unwatched.some(([path]) => watched.has(path));
    },
    problem: () => problem,
    close() {
      for (const path of [...watched.keys()]) unwatch(path);
    },
  };
}

function watchProblem(error: unknown): string {
  const remedy = ['ENOSPC', 'EMFILE'].includes(ioCode(error) ?? '')
    ? 'the limit of watches is used up; raise fs.inotify.max_user_watches and max_user_instances'
    : ioWords(error);
  return `The system does not report changes (${remedy}). They are found by looking regularly instead.`;
}
