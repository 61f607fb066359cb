// A namespace, an account with exactly the operator's rights, and the relays in it. Every status that a test reads is
// held to the laws of conditions.
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { brokenLaws } from '../../src/api/conditions.ts';
import {
  type Condition,
  probeRequestedAnnotation,
  type SmtpRelay,
  type SmtpRelayStatus,
} from '../../src/api/smtp-relay.ts';
import type { ControlPlaneAccess, Grant } from '../control-plane/access.ts';
import type { AuditedRequest } from '../control-plane/audit-log.ts';
import { eventually } from '../store/eventually.ts';
import { type Operator, startOperator } from './operator.ts';
import { operatorRights } from './rights.ts';

/** As the API server gives it. */
export interface SeenRelay extends SmtpRelay {
  readonly metadata: SmtpRelay['metadata'] & { readonly uid: string; readonly generation: number };
}

export interface World {
  readonly cluster: ControlPlaneAccess;
  readonly namespace: string;
  readonly kubeconfig: string;
  /** The rights of the operator's account from now on. */
  grant(rights: readonly Grant[]): Promise<void>;
  /** An operator on this namespace alone. */
  startOperator(args?: readonly string[]): Operator;
  requests(): Promise<readonly AuditedRequest[]>;
  apply(name: string, spec: object): Promise<void>;
  applyConfigMap(name: string, data: object): Promise<void>;
  /** A Secret with the user `relay` and this password. */
  applyLogin(name: string, password: string): Promise<void>;
  applySecret(name: string, secret: { readonly type?: string; readonly stringData: object }): Promise<void>;
  /** kubectl in this namespace, as admin; fails the test where it fails. */
  kubectl(...args: string[]): Promise<string>;
  relay(name: string): Promise<SeenRelay>;
  /** Asks for a probe by annotation and waits for the answer. */
  requestProbe(name: string, wait?: { readonly within: number }): Promise<SeenRelay>;
  /** Waits until the relay's Ready says this; gives the relay. */
  untilReady(
    name: string,
    ready: { readonly status: Condition['status']; readonly reason?: string },
    wait?: { readonly within: number },
  ): Promise<SeenRelay>;
}

const account = 'relaykeeper';

export async function createWorld(cluster: ControlPlaneAccess, prefix: string): Promise<World> {
  const namespace = await cluster.createNamespace(prefix);
  const name = { namespace, name: account };
  const kubeconfig = await cluster.kubeconfigFor({ ...name, grants: operatorRights(namespace) });

  const kubectl = async (...args: string[]) => {
    const result = await cluster.kubectl(['-n', namespace, ...args]);
    expect(result, `kubectl ${args.join(' ')}: ${result.stderr}`).toMatchObject({ code: 0 });
    return result.stdout;
  };
  const relay = async (relayName: string): Promise<SeenRelay> => {
    const seen: SeenRelay = JSON.parse(await kubectl('get', 'smtprelay', relayName, '-o', 'json'));
    // Without conditions it is what the API server puts in place of a status that nobody has written yet.
    if (seen.status?.conditions) expect(brokenLaws(seen.status)).toEqual([]);
    return seen;
  };
  const applySecret: World['applySecret'] = (secretName, secret) =>
    cluster.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace, name: secretName }, ...secret });
  return {
    cluster,
    namespace,
    kubeconfig,
    kubectl,
    relay,
    grant: (grants) => cluster.grant({ ...name, grants }),
    startOperator: (args = []) =>
      startOperator({ kubeconfig, namespace, args: ['-n', namespace, ...allowLoopback, ...args] }),
    requests: () => cluster.requestsBy(name),
    async requestProbe(relayName, within) {
      const token = randomUUID();
      await kubectl('annotate', 'relay', relayName, '--overwrite', `${probeRequestedAnnotation}=${token}`);
      const answered = async () => {
        const seen = await relay(relayName);
        return seen.status?.lastHandledProbeRequest === token ? seen : undefined;
      };
      return eventually(`probe request ${token} is answered`, answered, within);
    },
    apply: (relayName, spec) =>
      cluster.apply({
        apiVersion: 'relaykeeper.dev/v1alpha1',
        kind: 'SmtpRelay',
        metadata: { namespace, name: relayName },
        spec,
      }),
    applyConfigMap: (mapName, data) =>
      cluster.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name: mapName }, data }),
    applySecret,
    applyLogin: (secretName, password) =>
      applySecret(secretName, { type: 'kubernetes.io/basic-auth', stringData: { username: 'relay', password } }),
    untilReady: (relayName, ready, wait = { within: 30_000 }) =>
      eventually(
        `Ready of ${relayName} is ${ready.status} ${ready.reason ?? ''}`,
        async () => {
          const seen = await relay(relayName);
          const condition = conditionOf(seen, 'Ready');
          const same = condition?.status === ready.status && (ready.reason ?? condition.reason) === condition.reason;
          return same && condition.observedGeneration === seen.metadata.generation ? seen : undefined;
        },
        wait,
      ),
  };
}

/** Where the tests' servers are; a cluster denies loopback unless told otherwise. */
export const allowLoopback = ['--allow-local-addresses'];

export function conditionOf(relay: { readonly status?: SmtpRelayStatus }, type: string): Condition | undefined {
  return relay.status?.conditions?.find((condition) => condition.type === type);
}
