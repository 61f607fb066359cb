// What it takes to keep accounts without their passwords: CPU to list them from an API server, heap to keep them, and the
// process's highest memory, from a thousand to a hundred thousand.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AccountFigures } from '../accounts/figures.ts';
import type { Bench } from '../scenario.ts';

export async function accountsScenario({ found }: Bench): Promise<void> {
  for (const count of [1_000, 10_000, 100_000]) {
    const { accounts, cpuMs, heapMb, peakRssMb } = await measure(count);
    if (accounts !== count) throw new Error(`${accounts} accounts were told, not ${count}`);
    const result = { scenario: 'accounts', peer: undefined, target: undefined };
    found({ ...result, name: `${count} accounts: CPU to list`, unit: 'ms', ours: cpuMs });
    found({ ...result, name: `${count} accounts: heap`, unit: 'MB', ours: heapMb });
    found({ ...result, name: `${count} accounts: peak RSS`, unit: 'MB', ours: peakRssMb });
  }
}

async function measure(count: number): Promise<AccountFigures> {
  const server = fork(program('server'), [String(count)]);
  try {
    const port = await message<number>(server);
    return await message<AccountFigures>(fork(program('store'), [String(port)], { execArgv: ['--expose-gc'] }));
  } finally {
    server.kill();
  }
}

function program(name: string): string {
  return fileURLToPath(new URL(`../accounts/${name}.ts`, import.meta.url));
}

/** The one thing that the process has to say. */
async function message<Message>(child: ChildProcess): Promise<Message> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('a process of the bench ended without a word');
  });
  const [said] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined); // it may end now
  return said;
}
