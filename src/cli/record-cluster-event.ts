// One event on a NotificationPolicy of a cluster, by a command.
import { userInfo } from 'node:os';
import type { Key } from '../api/resource.ts';
import { customPath, policyResource } from '../store/kubernetes/custom-resource.ts';
import { type ObjectEvent, recordEvent, referenceTo } from '../store/kubernetes/record-event.ts';
import { storedObject } from '../store/kubernetes/stored-object.ts';
import type { StoreProblem } from '../store/store.ts';
import type { Io } from './io.ts';
import { openCluster } from './open-cluster.ts';
import type { SourceFlags } from './source-flags.ts';

export async function recordClusterEvent(
  event: Omit<ObjectEvent, 'regarding'> & { readonly regarding: Key },
  { flags, io }: { readonly flags: SourceFlags; readonly io: Io },
): Promise<string | undefined> {
  const client = await openCluster(flags, { qps: 5, io });
  const read = await client.call({ method: 'GET', path: customPath(policyResource, event.regarding) });
  const policy = read.kind === 'ok' ? storedObject(read.body, policyResource) : undefined;
  let problem = policy ? undefined : 'its policy cannot be read, or is gone.';
  if (policy) {
    const told = ({ message }: StoreProblem) => {
      problem = message;
    };
    const source = { client, identity: `command of ${userInfo().username}`, now: Date.now, problem: told };
    await recordEvent(source, { ...event, regarding: referenceTo(policyResource, policy) });
  }
  client.close();
  return problem;
}
