// What RBAC lets somebody do: asked of the API server (authorization.k8s.io/v1), which alone knows all authorizers. Every
// authenticated user may ask about himself; about others only who may create subjectaccessreviews.
import type { ApiClient, ApiFault } from './api-client.ts';
import { isObject, textOf } from './json.ts';

export interface AccessQuestion {
  readonly verb: string;
  readonly group: string;
  /** With its subresource: `smtprelays/status`. */
  readonly resource: string;
  /** Absent: in all namespaces. */
  readonly namespace?: string;
  /** Absent: whatever its name. */
  readonly name?: string;
}

export interface ServiceAccountName {
  readonly namespace: string;
  readonly name: string;
}

export type AccessAnswer =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'denied' }
  /** A sentence. */
  | { readonly kind: 'unknown'; readonly message: string };

/** `whose` absent: of who asks. */
export async function reviewAccess(
  client: Pick<ApiClient, 'call'>,
  question: AccessQuestion,
  whose?: ServiceAccountName,
): Promise<AccessAnswer> {
  const kind = whose ? 'SubjectAccessReview' : 'SelfSubjectAccessReview';
  const spec = { ...(whose && subjectOf(whose)), resourceAttributes: attributesOf(question) };
  const result = await client.call({
    method: 'POST',
    path: `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`,
    body: { apiVersion: 'authorization.k8s.io/v1', kind, spec },
  });
  if (result.kind !== 'ok') return { kind: 'unknown', message: faultText(kind, result) };
  const status = isObject(result.body) && isObject(result.body.status) ? result.body.status : {};
  return { kind: status.allowed === true ? 'allowed' : 'denied' };
}

/** Who asks, as the API server sees it; undefined where it does not say. */
export async function whoAmI(client: Pick<ApiClient, 'call'>): Promise<string | undefined> {
  const result = await client.call({
    method: 'POST',
    path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
    body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
  });
  if (result.kind !== 'ok' || !isObject(result.body) || !isObject(result.body.status)) return undefined;
  const { userInfo } = result.body.status;
  return (isObject(userInfo) && textOf(userInfo.username)) || undefined;
}

/** As the API server names a service account and its groups. */
function subjectOf({ namespace, name }: ServiceAccountName) {
  return {
    user: `system:serviceaccount:${namespace}:${name}`,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  };
}

function attributesOf({ verb, group, resource, namespace, name }: AccessQuestion) {
  const [main = '', subresource] = resource.split('/');
  return {
    verb,
    group,
    resource: main,
    ...(subresource !== undefined && { subresource }),
    ...(namespace !== undefined && { namespace }),
    ...(name !== undefined && { name }),
  };
}

function faultText(kind: string, fault: ApiFault): string {
  if (fault.kind === 'failed') return `the API server cannot be reached: ${fault.message}`;
  const remedy = fault.status === 403 ? `; who asks must be granted create on ${kind.toLowerCase()}s` : '';
  return `the API server answered ${fault.status} ${fault.message}${remedy}`;
}
