// The answer to a request for health: 200 with `ok`, else 503 with a line for each check that fails; with ?verbose a line
// for every check, in the form of Kubernetes' own components.
import type { HealthReport } from './health.ts';

export interface TextAnswer {
  readonly status: number;
  readonly text: string;
}

export function healthAnswer(report: HealthReport, verbose: boolean): TextAnswer {
  const failing = report.filter(({ problem }) => problem !== undefined);
  const status = failing.length === 0 ? 200 : 503;
  if (status === 200 && !verbose) return { status, text: 'ok\n' };
  const lines = (verbose ? report : failing).map(({ name, problem }) =>
    problem === undefined ? `[+]${name} ok` : `[-]${name}: ${problem}`,
  );
  return { status, text: `${[...lines, ...(status === 200 ? ['ok'] : [])].join('\n')}\n` };
}
