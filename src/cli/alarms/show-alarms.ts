// `relaykeeper alarms`: the active groups as the operator's journal has them, beside it; nothing is changed.

import { timestamp } from '../../api/conditions.ts';
import { errorText } from '../../api/error-text.ts';
import { printable } from '../../api/fit-status.ts';
import { systemClock } from '../../store/clock.ts';
import { exitCodes, type Io, UnusableArgument } from '../io.ts';
import { type PolicySources, policyNamed, withPolicySources } from '../policy-sources.ts';
import { shutdownSignal } from '../shutdown.ts';
import { createToldProblems, type ToldProblems } from '../told-problems.ts';
import type { AlarmsFlags } from './alarms-command.ts';
import { createGroupLines } from './group-lines.ts';
import { groupsJson, groupsTable } from './groups-text.ts';
import { alarmJournal, alarmRules, type RuleView, ruleView } from './rule-views.ts';

export async function showAlarms(named: string | undefined, given: AlarmsFlags, io: Io): Promise<number> {
  const { policy, flags } = namespaceApart(named, given);
  const problems = createToldProblems();
  const deps = { io, problems };
  return withPolicySources(flags, deps, async (sources) => {
    // One that is not there is a mistake, and not an empty answer.
    if (policy !== undefined) policyNamed(sources, policy, flags);
    const looking = { sources, problems, policy, flags };
    const first = await look(looking);
    if (!flags.follow) {
      io.stdout.write(shown(first.views, flags));
      return first.complete ? exitCodes.succeeded : exitCodes.failed;
    }
    problems.tell(io);
    await follow(looking, io);
    return exitCodes.succeeded;
  });
}

/** `NAMESPACE/NAME` says what `--namespace` would. */
function namespaceApart(named: string | undefined, flags: AlarmsFlags) {
  const [namespace = '', policy, more] = named?.split('/') ?? [];
  if (policy === undefined) return { policy: named, flags };
  if (namespace === '' || policy === '' || more !== undefined) {
    throw new UnusableArgument(`"${named}" must be NAME or NAMESPACE/NAME of a NotificationPolicy`);
  }
  if (flags.namespace !== undefined && flags.namespace !== namespace) {
    throw new UnusableArgument(`"${named}" is in another namespace than --namespace says: ${flags.namespace}`);
  }
  return { policy, flags: { ...flags, namespace } };
}

interface Looking {
  readonly sources: PolicySources;
  readonly problems: ToldProblems;
  readonly policy: string | undefined;
  readonly flags: AlarmsFlags;
}

async function look({ sources, problems, policy, flags }: Looking) {
  const journal = await alarmJournal(sources.alarms.journal);
  const found = alarmRules(sources, { namespace: flags.namespace, policy });
  for (const message of found.problems) problems.note({ subject: message, message });
  const now = systemClock.now();
  const views = found.rules.map((rule) => ruleView(rule, journal, now));
  return { views, complete: found.problems.length === 0 };
}

function shown(views: readonly RuleView[], { output }: AlarmsFlags): string {
  return output === 'json' ? groupsJson(views) : groupsTable(views, systemClock.now());
}

const lookAgain = 1_000;

/** Until the user ends it. */
async function follow(looking: Looking, io: Io): Promise<void> {
  const signal = shutdownSignal();
  const lines = createGroupLines(looking.flags.output);
  let last: string | undefined;
  while (!signal.aborted) {
    const newest = await newestSegment(looking.sources);
    if (newest !== last || last === undefined) {
      const { views } = await look(looking);
      const now = timestamp(systemClock.now());
      for (const line of lines.changes(views, now)) io.stdout.write(`${printable(line)}\n`);
      looking.problems.tell(io);
    }
    last = newest;
    await systemClock.sleep(lookAgain, signal);
  }
}

/** Where it is the same, nothing was written: to read all of it each second would be too much to ask of an API server. */
async function newestSegment({ alarms: { journal } }: PolicySources): Promise<string> {
  try {
    return (await journal.segments.list()).toSorted().at(-1) ?? '';
  } catch (error) {
    throw new UnusableArgument(errorText(error));
  }
}
