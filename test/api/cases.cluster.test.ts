// The real API server says of every relay and policy what parseRelay and parsePolicy say: the same fields, the same words.
import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { parsePolicy } from '../../src/api/validate-policy.ts';
import { parseRelay } from '../../src/api/validate-relay.ts';
import { describeWithCluster } from '../control-plane/shared.ts';
import { policyArbitrary } from './policy-arbitrary.ts';
import { policyCases } from './policy-cases.ts';
import { relayArbitrary } from './relay-arbitrary.ts';
import { relayCases } from './relay-cases.ts';
import { askServer, isUnknownField, linesOf, type ServerSays, withoutHint } from './server-says.ts';

describeWithCluster('the API server on relays', () => {
  let serverSays: ServerSays;
  beforeAll(async () => {
    serverSays = await askServer('smtprelays');
  });

  test.each(relayCases)('$title', async ({ manifest, says, beyondServer }) => {
    expect(await serverSays(manifest)).toEqual(beyondServer ? [] : says.map(withoutHint).sort());
  });

  test('agrees on relays with fields gone wrong at random', async () => {
    await fc.assert(
      fc.asyncProperty(relayArbitrary, async (manifest) => {
        const parsed = parseRelay(manifest);
        const server = await serverSays(manifest);
        expect(ours(parsed.kind === 'valid' ? [] : linesOf(parsed.violations), server)).toEqual(server);
      }),
      { numRuns: 300 },
    );
  }, 300_000);
});

describeWithCluster('the API server on policies', () => {
  let serverSays: ServerSays;
  beforeAll(async () => {
    serverSays = await askServer('notificationpolicies');
  });

  test.each(policyCases)('$title', async ({ manifest, says, beyondServer }) => {
    expect(await serverSays(manifest)).toEqual(beyondServer ? [] : says.map(withoutHint).sort());
  });

  test('takes all that we take, and of the rest says nothing that we do not', async () => {
    await fc.assert(
      fc.asyncProperty(policyArbitrary, async (manifest) => {
        const parsed = parsePolicy(manifest);
        const lines = parsed.kind === 'valid' ? [] : linesOf(parsed.violations);
        const server = await serverSays(manifest);
        expect(server.filter((line) => !lines.includes(line))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  }, 300_000);
});

function ours(lines: readonly string[], server: readonly string[]): string[] {
  const decoded = !server.some(isUnknownField);
  return lines.filter((line) => decoded || isUnknownField(line));
}
