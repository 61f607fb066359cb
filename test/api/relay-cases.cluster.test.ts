// The real API server says of every relay what parseRelay says: the same fields, the same words.
import { ApiException, CustomObjectsApi, KubeConfig } from '@kubernetes/client-node';
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { parseRelay } from '../../src/api/validate-relay.ts';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { relayArbitrary } from './relay-arbitrary.ts';
import { relayCases } from './relay-cases.ts';

describeWithCluster('the API server', () => {
  let api: CustomObjectsApi;
  let namespace: string;

  beforeAll(async () => {
    const controlPlane = sharedControlPlane();
    namespace = await controlPlane.createNamespace('cases');
    const config = new KubeConfig();
    config.loadFromFile(controlPlane.kubeconfigPath);
    api = config.makeApiClient(CustomObjectsApi);
  });

  test.each(relayCases)('$title', async ({ manifest, says, beyondServer }) => {
    expect(await serverSays(manifest)).toEqual(beyondServer ? [] : says.map(withoutHint).sort());
  });

  test('agrees on relays with fields gone wrong at random', async () => {
    await fc.assert(
      fc.asyncProperty(relayArbitrary, async (manifest) => {
        const server = await serverSays(manifest);
        // Strict decoding comes first there, and ends it.
        const decoded = !server.some(isUnknownField);
        expect(weSay(manifest).filter((line) => decoded || isUnknownField(line))).toEqual(server);
      }),
      { numRuns: 300 },
    );
  }, 300_000);

  /** What a create with strict decoding would be answered, as `fieldPath: message`. */
  async function serverSays(manifest: unknown): Promise<string[]> {
    const place = { group: 'relaykeeper.dev', version: 'v1alpha1', namespace, plural: 'smtprelays' };
    try {
      await api.createNamespacedCustomObject({
        ...place,
        body: manifest,
        dryRun: 'All',
        fieldValidation: 'Strict',
      });
      return [];
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      return refusal(JSON.parse(error.body));
    }
  }
});

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

function weSay(manifest: unknown): string[] {
  const parsed = parseRelay(manifest);
  if (parsed.kind === 'valid') return [];
  return parsed.violations.map(({ fieldPath, message }) => withoutHint(`${fieldPath}: ${message}`)).sort();
}

function isUnknownField(line: string): boolean {
  return line.includes(': unknown field ');
}

function withoutHint(line: string): string {
  return line.replace(/; did you mean .*$/, '');
}
