// The operator's own key: with another one every account's password would count as changed.
import { storedOperatorKey } from '../../store/kubernetes/operator-key.ts';
import type { ClusterWorld } from './cluster-world.ts';
import { type Check, doubtful, type Finding, fine, wrong } from './finding.ts';

export const keyCheck: Check<ClusterWorld> = { name: 'operator key', look };

async function look({ client, place: { namespace } }: ClusterWorld): Promise<readonly Finding[]> {
  const stored = await storedOperatorKey({ client, namespace });
  if (stored === undefined) {
    const remedy = 'The operator makes it when it starts; where it ran before, restore it from a backup.';
    return [doubtful(`There is no operator's key in namespace ${namespace}.`, remedy)];
  }
  if (stored.kind === 'failed')
    return [wrong(stored.message, `Whoever may get secrets in namespace ${namespace} sees it.`)];
  return [fine(`It is in namespace ${namespace}.`)];
}
