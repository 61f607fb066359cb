// The program as a process of its own, from the sources.
import { join } from 'node:path';
import { run } from '../control-plane/run.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');

export function relaykeeper(...args: readonly string[]) {
  return piped('', ...args);
}

/** With this on its standard input. */
export function piped(input: string, ...args: readonly string[]) {
  return run(process.execPath, [main, ...args], { input });
}
