// SIGUSR2 turns debug on and off; SIGUSR1 is Node's own (its inspector).
import type { OperatorLog } from './create-log.ts';

export function followDebugSignal(log: Pick<OperatorLog, 'toggleDebug'>): void {
  process.on('SIGUSR2', log.toggleDebug);
}
