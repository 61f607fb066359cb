// Asks for each verb that the operator needs, and says which are lacking.

import { inBatches } from '../../store/directory/in-batches.ts';
import { type AccessAnswer, reviewAccess, whoAmI } from '../../store/kubernetes/access-review.ts';
import { discoverResource } from '../../store/kubernetes/discover-resource.ts';
import type { ClusterWorld } from './cluster-world.ts';
import type { DeclaredFacts } from './declared-facts.ts';
import { type Check, doubtful, type Finding, fine, wrong } from './finding.ts';
import { neededRights, type Right } from './needed-rights.ts';

export const rightsCheck: Check<ClusterWorld> = { name: 'rights', look };

const atOnce = 16;

async function look(world: ClusterWorld, signal: AbortSignal): Promise<readonly Finding[]> {
  const { client, place, account } = world;
  const declared = await world.declared(signal);
  const facts = declared.kind === 'read' ? declared.facts : undefined;
  const { watched, findings } = await watchedResources(world, facts);
  const rights = neededRights(place, { references: [], namespaces: [], needsEvents: false, ...facts, watched });
  const who = account ? `service account ${account.namespace}/${account.name}` : ((await whoAmI(client)) ?? 'who asks');
  const answers = await inBatches(rights, atOnce, (right) => ask(world, right));
  const unknown = answers.flatMap((all) => [...all.values()]).find((answer) => answer.kind === 'unknown');
  if (unknown?.kind === 'unknown') {
    return [wrong(`The rights of ${who} cannot be asked for: ${unknown.message}.`, askRemedy(account !== undefined))];
  }
  return [...rights.map((right, index) => judged(right, { answers: answers[index], who })), ...findings];
}

type Answers = ReadonlyMap<string, AccessAnswer>;

async function ask({ client, account }: ClusterWorld, { verbs, ...right }: Right): Promise<Answers> {
  const answers = new Map<string, AccessAnswer>();
  for (const verb of verbs) answers.set(verb, await reviewAccess(client, { verb, ...right }, account));
  return answers;
}

function judged(
  right: Right,
  { answers, who }: { readonly answers: Answers | undefined; readonly who: string },
): Finding {
  const missing = right.verbs.filter((verb) => answers?.get(verb)?.kind !== 'allowed');
  const what = resourceText(right);
  if (missing.length === 0) return fine(`${who} may ${right.verbs.join(', ')} ${what}.`);
  return wrong(`${who} may not ${missing.join(', ')} ${what}.`, grantText(right, missing));
}

function resourceText({ group, resource, namespace, name }: Right): string {
  const qualified = group === '' ? resource : `${resource} of ${group}`;
  const which = name === undefined ? qualified : `${qualified} named ${name}`;
  if (resource === 'namespaces') return which;
  return namespace === undefined ? `${which} in all namespaces` : `${which} in namespace ${namespace}`;
}

function grantText({ group, resource, namespace, name }: Right, missing: readonly string[]): string {
  const role = namespace === undefined ? 'a ClusterRole' : `a Role in namespace ${namespace}`;
  const named = name === undefined ? '' : `, resourceNames [${name}]`;
  return `Grant it by ${role}: apiGroups ["${group}"], resources [${resource}]${named}, verbs [${missing.join(', ')}]; or install the chart's roles anew.`;
}

function askRemedy(forAnother: boolean): string {
  if (!forAnother) return 'Every authenticated user may ask about himself: look at the API server.';
  return "Run doctor as an administrator, or in the operator's own pod without --service-account.";
}

/** A kind that policies look at, by its name in the API. One that the cluster does not know is told of. */
async function watchedResources({ client }: ClusterWorld, facts: DeclaredFacts | undefined) {
  const watched: { readonly group: string; readonly resource: string }[] = [];
  const findings: Finding[] = [];
  for (const kind of facts?.watchedKinds ?? []) {
    const found = await discoverResource(client, kind);
    if (found.kind === 'found') watched.push({ group: found.collection.group, resource: found.collection.resource });
    else
      findings.push(
        doubtful(`A policy looks at ${kind.kind} of ${kind.apiVersion}, but ${found.message}.`, unknownKind),
      );
  }
  return { watched, findings };
}

const unknownKind = 'Install what brings the kind, or correct apiVersion and kind in the policy.';
