// Starts the server of the bench, and ends it.
import { startProgram } from './program.ts';

export interface BenchRelay {
  readonly port: number;
  readonly caPem: string;
  readonly username: string;
  readonly password: string;
}

export interface RunningRelay extends BenchRelay {
  readonly stop: () => Promise<void>;
}

export async function startRelay(): Promise<RunningRelay> {
  const script = new URL('./smtp-server.ts', import.meta.url).pathname;
  const program = await startProgram({ command: process.execPath, args: [script], ready: /^(\{.*\})$/m });
  return { ...JSON.parse(program.said), stop: program.stop };
}
