// What the API server would answer to a manifest, in the form of our own violations.
import { ApiException, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import type { Violation } from '../../src/api/violation.ts';
import { sharedControlPlane } from '../control-plane/shared.ts';

/** What a create with strict decoding would be answered, as sorted lines `fieldPath: message`; none where it is taken. */
export type ServerSays = (manifest: unknown) => Promise<string[]>;

export async function askServer(plural: 'smtprelays' | 'notificationpolicies'): Promise<ServerSays> {
  const controlPlane = sharedControlPlane();
  const namespace = await controlPlane.createNamespace('cases');
  const config = new KubeConfig();
  config.loadFromFile(controlPlane.kubeconfigPath);
  const api = config.makeApiClient(CustomObjectsApi);
  const place = { group: 'relaykeeper.dev', version: 'v1alpha1', namespace, plural };
  return async (manifest) => {
    try {
      await api.createNamespacedCustomObject({ ...place, body: manifest, dryRun: 'All', fieldValidation: 'Strict' });
      return [];
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      return refusal(JSON.parse(error.body));
    }
  };
}

export function linesOf(violations: readonly Violation[]): string[] {
  return violations.map(({ fieldPath, message }) => withoutHint(`${fieldPath}: ${message}`)).sort();
}

/** Strict decoding comes first at the server, and ends it. */
export function isUnknownField(line: string): boolean {
  return line.includes(': unknown field ');
}

/** What was probably meant is our own addition. */
export function withoutHint(line: string): string {
  return line.replace(/; did you mean .*$/, '');
}

interface Status {
  readonly message: string;
  readonly details?: { readonly causes?: readonly { readonly field: string; readonly message: string }[] };
}

function refusal({ message, details }: Status): string[] {
  const unknown = [...message.matchAll(/unknown field "([^"]*)"/g)].map(([words, field]) => `${field}: ${words}`);
  if (unknown.length > 0) return unknown.sort();
  const causes = details?.causes ?? [{ field: '', message }];
  return causes
    .filter((cause) => !cause.message.includes('some validation rules were not checked'))
    .map((cause) => `${placeOf(cause)}: ${cause.message}`)
    .sort();
}

/** The fault of a number's format has its place in its words only. */
function placeOf({ field, message }: { field: string; message: string }): string {
  return field === '<nil>' ? (/ in (\S+)$/.exec(message)?.[1] ?? '') : field;
}
