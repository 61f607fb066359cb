// What the API server noted of requests made by service accounts, as the tests' programs are: who did what, when.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface AuditedRequest {
  readonly verb: string;
  /** As RBAC writes it: `smtprelays/status`. */
  readonly resource: string;
  readonly namespace: string;
  readonly name: string;
  readonly code: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

const logName = 'audit.log';

/** One line a request: when it is answered, a watch when it begins. */
export const auditPolicy = JSON.stringify({
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  rules: [{ level: 'Metadata', userGroups: ['system:serviceaccounts'] }],
});

export function auditArguments(directory: string, policyFile: string): string[] {
  return [
    `--audit-policy-file=${policyFile}`,
    `--audit-log-path=${join(directory, logName)}`,
    // Megabytes; a test that reads the log must find all of it in one file.
    '--audit-log-maxsize=2000',
  ];
}

export async function auditedRequests(
  directory: string,
  account: { readonly namespace: string; readonly name: string },
): Promise<AuditedRequest[]> {
  const user = `"system:serviceaccount:${account.namespace}:${account.name}"`;
  const text = await readFile(join(directory, logName), 'utf8');
  return text
    .split('\n')
    .filter((line) => line.includes(user) && line.endsWith('}'))
    .flatMap((line) => auditedRequest(JSON.parse(line)));
}

interface AuditEvent {
  readonly stage: string;
  readonly verb: string;
  readonly requestReceivedTimestamp: string;
  readonly responseStatus?: { readonly code?: number };
  readonly objectRef?: {
    readonly resource?: string;
    readonly subresource?: string;
    readonly namespace?: string;
    readonly name?: string;
  };
}

function auditedRequest({ stage, verb, requestReceivedTimestamp, responseStatus, objectRef }: AuditEvent) {
  if (stage !== (verb === 'watch' && responseStatus?.code === 200 ? 'ResponseStarted' : 'ResponseComplete')) return [];
  const { resource = '', subresource, namespace = '', name = '' } = objectRef ?? {};
  return [
    {
      verb,
      resource: subresource === undefined ? resource : `${resource}/${subresource}`,
      namespace,
      name,
      code: responseStatus?.code ?? 0,
      at: Date.parse(requestReceivedTimestamp),
    },
  ];
}
