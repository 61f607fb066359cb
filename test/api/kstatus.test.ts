// Flux, kpt and others wait by kstatus: our conditions must neither let it pass too early nor hang.
import { readFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import type { Reason } from '../../src/api/reasons.ts';
import { reasons, stages } from '../../src/api/reasons.ts';
import type { SmtpRelayStatus } from '../../src/api/smtp-relay.ts';
import { effective, failed, lawful, probed, succeeded } from '../relays/statuses.ts';
import { kstatus } from './kstatus.ts';

describe("kstatus's own rules", () => {
  const condition = (type: string, status: 'True' | 'False' | 'Unknown') => ({
    type,
    status,
    reason: 'Because',
    message: '',
    lastTransitionTime: '2026-11-24T10:00:00Z',
  });
  const at = (observedGeneration: number, ...conditions: ReturnType<typeof condition>[]) => ({
    metadata: { generation: 2 },
    status: { observedGeneration, conditions },
  });
  test.each([
    ['an object that is being deleted is Terminating', { metadata: { deletionTimestamp: 'now' } }, 'Terminating'],
    ['an object with neither generation nor conditions is Current', { metadata: {} }, 'Current'],
    ['an object without observedGeneration is Current', { metadata: { generation: 2 }, status: {} }, 'Current'],
    ['an older generation is InProgress, whatever it says', at(1, condition('Ready', 'True')), 'InProgress'],
    [
      'Reconciling is InProgress, though Ready',
      at(2, condition('Reconciling', 'True'), condition('Ready', 'True')),
      'InProgress',
    ],
    ['Stalled is Failed', at(2, condition('Ready', 'False'), condition('Stalled', 'True')), 'Failed'],
    ['Stalled=False says nothing', at(2, condition('Stalled', 'False'), condition('Ready', 'True')), 'Current'],
    ['Reconciling=Unknown says nothing', at(2, condition('Reconciling', 'Unknown')), 'Current'],
    ['Ready=False alone is InProgress', at(2, condition('Ready', 'False')), 'InProgress'],
    ['Ready=Unknown alone is InProgress', at(2, condition('Ready', 'Unknown')), 'InProgress'],
    ['Ready=True is Current', at(2, condition('Ready', 'True')), 'Current'],
    ['other conditions say nothing', at(2, condition('Reachable', 'False')), 'Current'],
  ])('%s', (_name, object, expected) => {
    expect(kstatus(object)).toBe(expected);
  });
});

const invalid = { reason: 'SchemaInvalid', fieldPath: 'spec.port', message: 'Invalid value: 0' } as const;
const missing = { reason: 'SecretNotFound', fieldPath: 'spec.auth.secretRef.name', message: 'no "login"' } as const;
const working = lawful({ verdict: probed(succeeded) });
const invalidStatus = lawful({ verdict: { kind: 'rejected', violation: invalid } });

/** How kstatus sees a status about this generation of the spec. */
const seen = (status: SmtpRelayStatus, generation = 1) => kstatus({ metadata: { generation }, status });

describe('a relay, to those who wait by kstatus', () => {
  test('is waited for until the operator has seen it, by the default of its status', async () => {
    const crd = load(await readFile(new URL('../../crds/relaykeeper.dev_smtprelays.yaml', import.meta.url), 'utf8'));
    const schema = (
      crd as { spec: { versions: { schema: { openAPIV3Schema: { properties: { status: object } } } }[] } }
    ).spec.versions[0]?.schema.openAPIV3Schema.properties.status as { default: SmtpRelayStatus };
    expect(seen(schema.default)).toBe('InProgress');
  });

  test.each([
    [
      'is waited for while the first probe is under way',
      lawful({ verdict: { kind: 'probing', effective } }),
      'InProgress',
    ],
    ['is there once a probe has succeeded', working, 'Current'],
    ['has failed where its spec cannot be used', invalidStatus, 'Failed'],
    [
      'is waited for while a Secret is missing, which may come in a moment',
      lawful({ verdict: { kind: 'unresolved', violation: missing, effective } }),
      'InProgress',
    ],
    [
      'stays there through failures below the threshold',
      lawful({
        before: working,
        verdict: probed(failed('Connect', 'ConnectionRefused'), { countsAtOnce: false, consecutiveFailures: 2 }),
      }),
      'Current',
    ],
    [
      'is waited for once failures in a row have reached the threshold',
      lawful({
        before: working,
        verdict: probed(failed('Connect', 'ConnectionRefused'), { countsAtOnce: false, consecutiveFailures: 3 }),
      }),
      'InProgress',
    ],
    ['stays there when it is suspended', lawful({ before: working, verdict: { kind: 'suspended' } }), 'Current'],
    [
      'comes back from a spec that could not be used',
      lawful({ before: invalidStatus, generation: 2, verdict: probed(succeeded) }),
      'Current',
      2,
    ],
  ] satisfies [string, SmtpRelayStatus, string, number?][])('%s', (_name, status, expected, generation?: number) => {
    expect(seen(status, generation)).toBe(expected);
  });

  test('is waited for after an edit, though the spec before it worked', () => {
    expect(seen(working, 2)).toBe('InProgress');
    const probing = lawful({ before: working, generation: 2, verdict: { kind: 'probing', effective } });
    expect(seen(probing, 2)).toBe('InProgress');
    expect(seen(lawful({ before: probing, generation: 2, verdict: probed(succeeded) }), 2)).toBe('Current');
  });

  const probeReasons = (Object.keys(reasons) as Reason[]).filter(
    (reason) => reasons[reason].at !== 'References' && reasons[reason].at !== 'Spec',
  );
  test.each(probeReasons)('that fails with %s has failed where only an edit helps, else is waited for', (reason) => {
    const at = reasons[reason].at;
    const stage = stages.find((candidate) => candidate === at) ?? 'Ehlo';
    const status = lawful({ verdict: probed(failed(stage, reason)) });
    expect(seen(status)).toBe(reasons[reason].retry === 'onChange' ? 'Failed' : 'InProgress');
  });
});
