// Runs every rule of a policy once.
import { releaseAnnotation } from '../api/notification-policy.ts';
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

/** What is shown of subjects is looked at anew after so long, though nothing told of a change. */
const longestRest = 900_000;

export async function planRules(scene: PolicyScene, tools: PlanTools, deps: PolicyDeps): Promise<Planned> {
  const basis = basisOf(scene);
  const rules: RuleOutcome[] = [];
  for (const [index, rule] of (scene.spec.credentials ?? []).entries()) {
    const fieldPath = `spec.credentials[${index}]`;
    const since = sinceOf(scene, { kind: 'Credentials', name: rule.name }, deps.clock.now());
    rules.push(await runCredentials({ rule, since, fieldPath, scene, template: templateOf(scene, fieldPath) }, deps));
  }
  for (const [index, rule] of (scene.spec.reminders ?? []).entries()) {
    const since = sinceOf(scene, { kind: 'Reminder', name: rule.name }, deps.clock.now());
    const before = ruleBefore(scene.stored.status, 'Reminder', rule.name);
    const template = templateOf(scene, `spec.reminders[${index}]`);
    rules.push(await runReminders({ rule, since, before, scene, template, ...tools }, deps));
  }
  const times = rules.flatMap(({ dueAt }) => dueAt ?? []);
  return { rules, basis, dueAt: Math.min(deps.clock.now() + longestRest, ...times) };
}

/** What a plan rests on, beside the subjects: once it differs, the rules are run anew. */
export function basisOf({ stored, relays, redirectTo }: PolicyScene): string {
  const { uid, generation, annotations } = stored.metadata;
  const used = relays.map(({ stored: { metadata } }) => [metadata.uid, metadata.generation]);
  return JSON.stringify([uid, generation, annotations?.[releaseAnnotation] ?? '', used, redirectTo ?? '']);
}

function templateOf({ templates }: PolicyScene, fieldPath: string): TemplateFor {
  const found = templates.get(`${fieldPath}.template`);
  if (!found) throw new Error(`no template was read for ${fieldPath}`);
  return found;
}

/** The rules of a policy that never ran are as old as the policy itself: it may have waited for its relay. */
function sinceOf(
  { stored: { metadata, status } }: PolicyScene,
  { kind, name }: { readonly kind: string; readonly name: string },
  now: number,
): number {
  const known = ruleBefore(status, kind, name)?.since;
  if (known !== undefined) return Date.parse(known);
  const created = Date.parse(metadata.creationTimestamp ?? '');
  return (status?.rules ?? []).length === 0 && Number.isFinite(created) ? Math.min(created, now) : now;
}
