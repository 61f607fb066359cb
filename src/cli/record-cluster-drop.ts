// A drop by hand on a NotificationPolicy of a cluster: an event, and a line in its status.
import { userInfo } from 'node:os';
import type { NotificationPolicyStatus } from '../api/notification-policy.ts';
import type { ApiClient } from '../store/kubernetes/api-client.ts';
import { customPath, policyResource } from '../store/kubernetes/custom-resource.ts';
import { recordEvent, referenceTo } from '../store/kubernetes/record-event.ts';
import { storedObject } from '../store/kubernetes/stored-object.ts';
import { writeStatus } from '../store/kubernetes/write-status.ts';
import type { StoredPolicy } from '../store/policy-store.ts';
import type { StoreProblem, WriteResult } from '../store/store.ts';
import type { Io } from './io.ts';
import { openCluster } from './open-cluster.ts';
import { notInStatus, type RecordedDrop } from './recorded-drop.ts';
import type { SourceFlags } from './source-flags.ts';

/** What went wrong, sentences. */
export async function recordClusterDrop(
  drop: RecordedDrop,
  { flags, io }: { readonly flags: SourceFlags; readonly io: Io },
): Promise<readonly string[]> {
  const client = await openCluster(flags, { qps: 5, io });
  const problems = await record(client, drop);
  client.close();
  return problems;
}

async function record(client: ApiClient, drop: RecordedDrop): Promise<readonly string[]> {
  const found = await findPolicy(client, drop);
  // There is nothing left to record it on.
  if (found.kind === 'gone') return [];
  if (found.kind === 'unreadable') return [`no event was recorded: the policy cannot be read: ${found.message}`];
  const problems: string[] = [];
  const problem = ({ message }: StoreProblem) => {
    if (message !== undefined) problems.push(`no event was recorded: ${message}`);
  };
  const source = { client, identity: `command of ${userInfo().username}`, now: Date.now, problem };
  await recordEvent(source, { ...drop.event, regarding: referenceTo(policyResource, found.policy) });
  const unwritten = whyUnwritten(await writeToStatus(client, found.policy, drop));
  return unwritten === undefined ? problems : [...problems, unwritten];
}

type Found =
  | { readonly kind: 'found'; readonly policy: StoredPolicy }
  | { readonly kind: 'gone' }
  | { readonly kind: 'unreadable'; readonly message: string };

async function findPolicy(client: ApiClient, { entry }: RecordedDrop): Promise<Found> {
  const read = await client.call({ method: 'GET', path: customPath(policyResource, entry.identity.policy) });
  if (read.kind === 'refused' && read.status === 404) return { kind: 'gone' };
  if (read.kind !== 'ok') return { kind: 'unreadable', message: read.message };
  const policy = storedObject<NotificationPolicyStatus>(read.body, policyResource);
  return policy ? { kind: 'found', policy } : { kind: 'gone' };
}

async function writeToStatus(client: ApiClient, policy: StoredPolicy, drop: RecordedDrop): Promise<WriteResult> {
  let object = policy;
  for (let attempt = 1; ; attempt += 1) {
    const status = drop.status(object.status);
    const write = { client, resource: policyResource, object, status, unchanged: true, written: () => undefined };
    const result = await writeStatus(write);
    if (result.kind !== 'conflict' || attempt === 5) return result;
    // An operator counts in it at the same time.
    const again = await findPolicy(client, drop);
    if (again.kind === 'gone') return again;
    if (again.kind === 'found') object = again.policy;
  }
}

/** A sentence; undefined where it is written, or there is no policy any more to tell of it. */
function whyUnwritten(result: WriteResult): string | undefined {
  switch (result.kind) {
    case 'written':
    case 'gone':
      return undefined;
    case 'conflict':
      return notInStatus('It was changed at the same time.');
    case 'denied':
      return notInStatus(`You may not ${result.verb} ${result.resource} in namespace ${result.namespace}.`);
    case 'invalid':
    case 'unavailable':
      return notInStatus(result.message);
  }
}
