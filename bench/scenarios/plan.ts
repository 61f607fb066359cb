// What it takes to plan a day's reminders, those that status shows as coming among them: CPU and the process's highest
// memory, from a thousand to a hundred thousand accounts, on a usual day and on one on which all of them come to a step.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { PlanCase, PlanFigures } from '../plan/figures.ts';
import type { Bench } from '../scenario.ts';

const counts = [1_000, 10_000, 100_000] as const;
/** The figures to reach with the most accounts, whatever the day. */
const most = { cpuMs: 2_000, peakRssMb: 300 };

export async function planScenario({ found, note }: Bench): Promise<void> {
  for (const day of ['usual', 'everybody'] as const) {
    const figures: PlanFigures[] = [];
    for (const count of counts) {
      const one = await measure(count, day);
      if (one.subjects !== count || one.reminders === 0)
        throw new Error(`planned ${one.subjects}, ${one.reminders} due`);
      figures.push(one);
      const result = { scenario: 'plan', peer: undefined, target: undefined };
      const name = `${count} accounts, ${day}`;
      found({ ...result, name: `${name}: CPU`, unit: 'ms', ours: one.cpuMs });
      found({ ...result, name: `${name}: RSS`, unit: 'MB', ours: one.peakRssMb });
    }
    for (const line of summary(day, figures)) note(line);
  }
}

function summary(day: PlanCase, measured: readonly PlanFigures[]): string[] {
  const [few, many] = [measured[0], measured.at(-1)];
  if (!few || !many) return [];
  const times = (many.cpuMs / few.cpuMs).toFixed(0);
  const each = ((many.peakRssMb - few.peakRssMb) * 1_024) / (many.subjects - few.subjects);
  const figures = `${many.reminders} reminders of ${many.subjects} accounts; ${many.subjects / few.subjects} times the accounts take ${times} times the CPU, and ${each.toFixed(1)} KB each`;
  const reached = many.cpuMs < most.cpuMs && many.peakRssMb < most.peakRssMb ? 'reached' : 'not reached';
  return [`  ${day}: ${figures} (to reach: under ${most.cpuMs} ms and ${most.peakRssMb} MB, ${reached})`];
}

async function measure(count: number, day: PlanCase): Promise<PlanFigures> {
  const child = fork(fileURLToPath(new URL('../plan/planner.ts', import.meta.url)), [String(count), day]);
  const ended = once(child, 'exit').then(() => {
    throw new Error('the planner ended without a word');
  });
  const [said] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined); // it may end now
  return said;
}
