// What a test file does with a control plane that runs elsewhere: plain data makes it, so that it can be handed to the
// processes that run the tests.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AuditedRequest, auditedRequests } from './audit-log.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { type RunOptions, type RunResult, run } from './run.ts';

export interface ControlPlaneInfo {
  readonly url: string;
  /** The admin's. */
  readonly token: string;
  readonly directory: string;
  /** The kubectl program. */
  readonly kubectl: string;
  /** The admin's. */
  readonly kubeconfigPath: string;
}

/** An RBAC rule; `namespace` absent: in the whole cluster. */
export interface Grant {
  readonly namespace?: string;
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

export interface AccountRequest {
  readonly namespace: string;
  readonly name: string;
  readonly grants: readonly Grant[];
}

export interface ControlPlaneAccess {
  readonly url: string;
  readonly kubeconfigPath: string;
  /** The program. */
  readonly kubectlPath: string;
  /** Runs kubectl as admin; a code other than 0 is a result too. */
  kubectl(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Applies manifests as admin; fails the test when they are refused. */
  apply(...manifests: readonly object[]): Promise<void>;
  applyCrds(): Promise<void>;
  /** A new namespace, its name beginning with this. */
  createNamespace(prefix: string): Promise<string>;
  /** Makes a service account with these rights and nothing more; gives its kubeconfig's path. */
  kubeconfigFor(account: AccountRequest): Promise<string>;
  /** Sets the rights of a service account anew. */
  grant(account: AccountRequest): Promise<void>;
  /** What a service account asked of the API server so far, in order. */
  requestsBy(account: Pick<AccountRequest, 'namespace' | 'name'>): Promise<readonly AuditedRequest[]>;
}

export function accessControlPlane(info: ControlPlaneInfo): ControlPlaneAccess {
  const kubectl = (args: readonly string[], options: RunOptions = {}) =>
    run(info.kubectl, ['--kubeconfig', info.kubeconfigPath, ...args], options);
  const must = async (args: readonly string[], options?: RunOptions) => {
    const result = await kubectl(args, options);
    if (result.code !== 0) throw new Error(`kubectl ${args.join(' ')}: ${result.stderr}`);
    return result.stdout.trim();
  };
  const apply = async (...manifests: readonly object[]) => {
    const list = { apiVersion: 'v1', kind: 'List', items: manifests };
    await must(['apply', '--server-side', '--force-conflicts', '-f', '-'], { input: JSON.stringify(list) });
  };
  const grant = async (account: AccountRequest) => {
    await must(['delete', 'clusterrole,clusterrolebinding,role,rolebinding', '-A', '-l', label(account).join('=')]);
    if (account.grants.length > 0) await apply(...account.grants.flatMap((rule, i) => rbac(account, rule, i)));
  };

  return {
    url: info.url,
    kubeconfigPath: info.kubeconfigPath,
    kubectlPath: info.kubectl,
    kubectl,
    apply,
    grant,
    requestsBy: (account) => auditedRequests(info.directory, account),
    async applyCrds() {
      const crds = join(import.meta.dirname, '..', '..', 'crds');
      await must(['apply', '--server-side', '-f', crds]);
      await must(['wait', '--for=condition=Established', '--timeout=30s', '-f', crds]);
    },
    async createNamespace(prefix) {
      const name = `${prefix}-${randomBytes(4).toString('hex')}`;
      await must(['create', 'namespace', name]);
      return name;
    },
    async kubeconfigFor(account) {
      const { namespace, name } = account;
      await apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace, name } });
      await grant(account);
      const token = await must(['create', 'token', name, '-n', namespace]);
      const path = join(info.directory, `${namespace}.${name}.kubeconfig`);
      const certificateFile = join(info.directory, 'certificates', 'apiserver.crt');
      writeFileSync(path, kubeconfigText({ url: info.url, certificateFile, token }));
      return path;
    },
  };
}

function label({ namespace, name }: AccountRequest): [string, string] {
  return ['test-account', `${namespace}.${name}`];
}

/** The role of one rule and its binding. */
function rbac(account: AccountRequest, { namespace, ...rule }: Grant, index: number): object[] {
  const apiGroup = 'rbac.authorization.k8s.io';
  const prefix = namespace === undefined ? 'Cluster' : '';
  const metadata = {
    name: `${account.namespace}.${account.name}.${index}`,
    ...(namespace === undefined ? {} : { namespace }),
    labels: Object.fromEntries([label(account)]),
  };
  const subject = { kind: 'ServiceAccount', namespace: account.namespace, name: account.name };
  return [
    { apiVersion: `${apiGroup}/v1`, kind: `${prefix}Role`, metadata, rules: [rule] },
    {
      apiVersion: `${apiGroup}/v1`,
      kind: `${prefix}RoleBinding`,
      metadata,
      roleRef: { apiGroup, kind: `${prefix}Role`, name: metadata.name },
      subjects: [subject],
    },
  ];
}
