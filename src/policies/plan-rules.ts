// Runs every rule of a policy once.
import { releaseAnnotation } from '../api/notification-policy.ts';
import { ruleId } from '../mail/identity.ts';
import type { AccountIndex } from './account-index.ts';
import type { PolicyDeps } from './policy-deps.ts';
import { type Planned, ruleBefore } from './policy-memory.ts';
import type { PolicyScene } from './read-policy.ts';
import type { RelayBook } from './relay-book.ts';
import type { RuleOutcome } from './rule-outcome.ts';
import type { TemplateFor } from './rule-templates.ts';
import { runCredentials } from './run-credentials.ts';
import { runReminders } from './run-reminders.ts';

export interface PlanTools {
  readonly book: RelayBook;
  readonly accounts: AccountIndex;
}

export interface Planning extends PlanTools {
  readonly firstSeen: Map<string, number>;
}

/** What is shown of subjects is looked at anew after so long, though nothing told of a change. */
const longestRest = 900_000;

export async function planRules(scene: PolicyScene, tools: Planning, deps: PolicyDeps): Promise<Planned> {
  const basis = basisOf(scene);
  const ages = agesOf(scene, tools.firstSeen, deps.clock.now());
  const rules: RuleOutcome[] = [];
  for (const [index, rule] of (scene.spec.credentials ?? []).entries()) {
    const fieldPath = `spec.credentials[${index}]`;
    const age = ages('Credentials', rule.name);
    rules.push(await runCredentials({ rule, ...age, fieldPath, scene, template: templateOf(scene, fieldPath) }, deps));
  }
  for (const [index, rule] of (scene.spec.reminders ?? []).entries()) {
    const { since } = ages('Reminder', rule.name);
    const before = ruleBefore(scene.stored.status, 'Reminder', rule.name);
    const template = templateOf(scene, `spec.reminders[${index}]`);
    rules.push(await runReminders({ rule, since, before, scene, template, ...tools }, deps));
  }
  const times = rules.flatMap(({ dueAt }) => dueAt ?? []);
  return { rules, basis, dueAt: Math.min(deps.clock.now() + longestRest, ...times) };
}

/** What a plan rests on, beside the subjects: once it differs, the rules are run anew. */
export function basisOf({ stored, relays, redirectTo }: Pick<PolicyScene, 'stored' | 'relays' | 'redirectTo'>): string {
  const { uid, generation, annotations } = stored.metadata;
  const used = relays.map(({ stored: { metadata } }) => [metadata.uid, metadata.generation]);
  const known = (stored.status?.rules ?? []).flatMap(({ kind, name, since }) =>
    kind === 'Credentials' ? [[name, since]] : [],
  );
  return JSON.stringify([uid, generation, annotations?.[releaseAnnotation] ?? '', used, redirectTo ?? '', known]);
}

function templateOf({ templates }: PolicyScene, fieldPath: string): TemplateFor {
  const found = templates.get(`${fieldPath}.template`);
  if (!found) throw new Error(`no template was read for ${fieldPath}`);
  return found;
}

interface Age {
  /** When the rule was first seen. */
  readonly since: number;
  /** Its status says so: every replica, and this one after a restart, counts from the same moment. */
  readonly isSettled: boolean;
}

/** As the status has it, else as this process saw it first. */
function agesOf(
  { spec, stored: { metadata, status } }: PolicyScene,
  firstSeen: Map<string, number>,
  now: number,
): (kind: 'Credentials' | 'Reminder', name: string) => Age {
  const start = startOf(metadata.creationTimestamp, { isNew: (status?.rules ?? []).length === 0, now });
  const declared = new Set([
    ...(spec.credentials ?? []).map(({ name }) => ruleId('Credentials', name)),
    ...(spec.reminders ?? []).map(({ name }) => ruleId('Reminder', name)),
  ]);
  // One that is taken out and comes back is a new rule.
  for (const id of firstSeen.keys()) if (!declared.has(id)) firstSeen.delete(id);
  return (kind, name) => {
    const known = ruleBefore(status, kind, name)?.since;
    const id = ruleId(kind, name);
    const since = known === undefined ? (firstSeen.get(id) ?? start) : Date.parse(known);
    firstSeen.set(id, since);
    return { since, isSettled: known !== undefined };
  };
}

/** The rules of a policy that never ran are as old as the policy itself: it may have waited for its relay. */
function startOf(creation: string | undefined, { isNew, now }: { isNew: boolean; now: number }): number {
  const created = Date.parse(creation ?? '');
  return isNew && Number.isFinite(created) ? Math.min(created, now) : now;
}
