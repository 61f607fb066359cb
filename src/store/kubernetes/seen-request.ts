// What a request to the API server was, in the words of RBAC: for metrics, so without any name of an object.
import type { ApiRequest } from './api-client.ts';

export interface SeenRequest {
  readonly verb: string;
  /** `secrets`, `smtprelays/status` */
  readonly resource: string;
  /** Undefined: no answer came. */
  readonly status: number | undefined;
  /** Until it was answered; of a watch, until it began. */
  readonly milliseconds: number;
}

export function requestKind({
  method,
  path,
  query,
}: Pick<ApiRequest, 'method' | 'path' | 'query'>): Pick<SeenRequest, 'verb' | 'resource'> {
  const [, root, ...parts] = path.split('/');
  const rest = parts.slice(root === 'apis' ? 2 : 1);
  const [resource, name, sub] = rest[0] === 'namespaces' && rest.length > 2 ? rest.slice(2) : rest;
  // What the API server serves at all, such as /apis/apps/v1 or /version.
  if (resource === undefined || (root !== 'api' && root !== 'apis')) return { verb: 'get', resource: 'discovery' };
  return {
    verb: method === 'GET' ? readVerb(name, query) : writeVerbs[method],
    resource: sub === undefined ? resource : `${resource}/${sub}`,
  };
}

function readVerb(name: string | undefined, query: ApiRequest['query']): string {
  if (query?.watch === 'true') return 'watch';
  return name === undefined ? 'list' : 'get';
}

const writeVerbs = { POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' } as const;
