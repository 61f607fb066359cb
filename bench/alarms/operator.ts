// The operator as a process of its own, with a webhook that is ready to take alarms.
import { type Program, startProgram } from '../program.ts';
import { webhookPath } from './manifests.ts';

export interface AlarmOperator extends Program {
  readonly url: string;
}

export async function startAlarmOperator(program: string, args: readonly string[]): Promise<AlarmOperator> {
  const started = await startProgram({
    command: process.execPath,
    args: [...extraArguments(), program, 'run', '--webhook-listen', '127.0.0.1:0', ...args],
    ready: /larms are taken at (http:\/\/127\.0\.0\.1:\d+)/,
  });
  return { ...started, url: `${started.said}${webhookPath}` };
}

/** To profile it: RELAYKEEPER_BENCH_NODE_ARGS=--cpu-prof. */
function extraArguments(): readonly string[] {
  return process.env.RELAYKEEPER_BENCH_NODE_ARGS?.split(' ') ?? [];
}
