// Looks at one thing after the other and tells what was found as soon as it is.
import type { Check, Checked } from './finding.ts';

export interface CheckNews {
  readonly begun: (check: string) => void;
  readonly found: (checked: Checked) => void;
}

/** Ends early where the signal aborts, or an essential check fails: then it says what was not looked at. */
export async function runChecks<World>(
  checks: readonly Check<World>[],
  { world, news }: { readonly world: World; readonly news: CheckNews },
  signal: AbortSignal,
): Promise<readonly Checked[]> {
  const all: Checked[] = [];
  const tell = (checked: Checked) => {
    all.push(checked);
    news.found(checked);
  };
  for (const [index, { name, essential, look }] of checks.entries()) {
    if (signal.aborted) break;
    news.begun(name);
    const findings = await look(world, signal);
    for (const finding of findings) tell({ check: name, ...finding });
    if (essential && findings.some(({ verdict }) => verdict === 'failed')) {
      const rest = checks.slice(index + 1).map((check) => check.name);
      tell(notLookedAt(name, rest));
      break;
    }
  }
  return all;
}

function notLookedAt(check: string, rest: readonly string[]): Checked {
  const message = `Not looked at because of that: ${rest.join(', ')}.`;
  return { check, verdict: 'warning', message, remedy: 'Mend it, and run doctor again.' };
}
