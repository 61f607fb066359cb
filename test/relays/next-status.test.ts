import { describe, expect, test } from 'vitest';
import { type Reason, reasons, stages } from '../../src/api/reasons.ts';
import type { SmtpRelaySpec } from '../../src/api/smtp-relay.ts';
import { conditionsOf, effective, failed, lawful, probed, spec, succeeded } from './statuses.ts';

const withLogin: SmtpRelaySpec = {
  ...spec,
  auth: { secretRef: { name: 'login' }, mechanism: 'Auto', allowUnencrypted: false },
};
const withEnvelope: SmtpRelaySpec = {
  ...withLogin,
  probe: { ...spec.probe, depth: 'Envelope', recipient: 'a@example.com' },
};
const violation = { reason: 'SchemaInvalid', fieldPath: 'spec.port', message: 'Invalid value: 0' } as const;
const missing = {
  reason: 'SecretNotFound',
  fieldPath: 'spec.tls.caSecretRef.name',
  message: 'Secret "ca" does not exist',
} as const;

describe('conditions', () => {
  test.each([
    [
      'a spec that cannot be used is not accepted, and stalled',
      { kind: 'rejected', violation } as const,
      ['Ready=False SchemaInvalid', 'Stalled=True SchemaInvalid', 'Accepted=False SchemaInvalid'],
    ],
    [
      'a missing Secret is waited for',
      { kind: 'unresolved', violation: missing, effective } as const,
      ['Ready=False SecretNotFound', 'Accepted=True Accepted', 'ReferencesResolved=False SecretNotFound'],
    ],
    [
      'a Secret that only an edit can mend stalls',
      { kind: 'unresolved', violation: { ...missing, reason: 'SecretKeyMissing' }, effective } as const,
      [
        'Ready=False SecretKeyMissing',
        'Stalled=True SecretKeyMissing',
        'Accepted=True Accepted',
        'ReferencesResolved=False SecretKeyMissing',
      ],
    ],
    [
      'a first probe under way is told',
      { kind: 'probing', effective } as const,
      [
        'Ready=Unknown Probing',
        'Reconciling=True Probing',
        'Accepted=True Accepted',
        'ReferencesResolved=True Resolved',
      ],
    ],
    [
      'a success without login says nothing of logins',
      probed(succeeded),
      [
        'Ready=True Succeeded',
        'Accepted=True Accepted',
        'ReferencesResolved=True Resolved',
        'Reachable=True Connected',
        'Encrypted=True Verified',
        'CertificateValid=True Valid',
      ],
    ],
    [
      'a refused login stalls, what came before it works',
      probed(failed('Auth', 'AuthenticationFailed', { tls: succeeded.tls ?? {} }), { spec: withEnvelope }),
      [
        'Ready=False AuthenticationFailed',
        'Stalled=True AuthenticationFailed',
        'Accepted=True Accepted',
        'ReferencesResolved=True Resolved',
        'Reachable=True Connected',
        'Encrypted=True Verified',
        'CertificateValid=True Valid',
        'Authenticated=False AuthenticationFailed',
        'SenderAccepted=Unknown NotReached',
      ],
    ],
    [
      'an untrusted certificate is reachable but not encrypted',
      probed(failed('Tls', 'CertificateUntrusted', { tls: { verified: false, notAfter: '2027-01-01T00:00:00Z' } }), {
        spec: withLogin,
      }),
      [
        'Ready=False CertificateUntrusted',
        'Stalled=True CertificateUntrusted',
        'Accepted=True Accepted',
        'ReferencesResolved=True Resolved',
        'Reachable=True Connected',
        'Encrypted=False CertificateUntrusted',
        'CertificateValid=False CertificateUntrusted',
        'Authenticated=Unknown NotReached',
      ],
    ],
    [
      'a refused connection may heal by itself',
      probed(failed('Connect', 'ConnectionRefused')),
      [
        'Ready=False ConnectionRefused',
        'Accepted=True Accepted',
        'ReferencesResolved=True Resolved',
        'Reachable=False ConnectionRefused',
        'Encrypted=Unknown NotReached',
      ],
    ],
    [
      'a certificate that ends soon is no failure yet',
      probed({ ...succeeded, warnings: [{ reason: 'CertificateExpiresSoon', message: 'ends in 3 days' }] }),
      [
        'Ready=True Succeeded',
        'Accepted=True Accepted',
        'ReferencesResolved=True Resolved',
        'Reachable=True Connected',
        'Encrypted=True Verified',
        'CertificateValid=False CertificateExpiresSoon',
      ],
    ],
    [
      'credentials that went in plain text are said',
      probed(
        {
          ...failed('', 'Succeeded', { warnings: [{ reason: 'CredentialsUnencrypted', message: 'plain' }] }),
          outcome: 'Succeeded',
          failedStage: '',
        },
        { spec: { ...withLogin, tls: { ...spec.tls, mode: 'None' } } },
      ),
      [
        'Ready=True Succeeded',
        'Accepted=True Accepted',
        'ReferencesResolved=True Resolved',
        'Reachable=True Connected',
        'Encrypted=False NotWanted',
        'Authenticated=True CredentialsUnencrypted',
      ],
    ],
    [
      'a probe of depth Connect knows nothing of TLS',
      probed({ ...succeeded, depth: 'Connect' }, { spec: { ...spec, probe: { ...spec.probe, depth: 'Connect' } } }),
      [
        'Ready=True Succeeded',
        'Accepted=True Accepted',
        'ReferencesResolved=True Resolved',
        'Reachable=True Connected',
        'Encrypted=Unknown NotProbed',
        'CertificateValid=True Valid',
      ],
    ],
  ])('%s', (_, verdict, expected) => {
    expect(conditionsOf(lawful({ verdict }))).toEqual(expected);
  });

  test('every reason at every stage makes a lawful status, after every other', () => {
    let before = lawful({ verdict: probed(succeeded, { spec: withEnvelope }) });
    for (const stage of stages) {
      for (const reason of Object.keys(reasons) as Reason[]) {
        before = lawful({ before, verdict: probed(failed(stage, reason), { spec: withEnvelope }) });
        if (reason.startsWith('C')) before = lawful({ before, verdict: probed(succeeded, { spec: withEnvelope }) });
      }
    }
  });
});

describe('the failure threshold', () => {
  const ready = lawful({ verdict: probed(succeeded) });
  const reset = failed('Greeting', 'ConnectionReset');

  test('below it Ready stays True, and the failure is kept', () => {
    const next = lawful({ before: ready, verdict: probed(reset, { countsAtOnce: false, consecutiveFailures: 2 }) });
    expect(conditionsOf(next)).toEqual(conditionsOf(ready));
    expect(next).toMatchObject({
      consecutiveFailures: 2,
      lastProbe: reset,
      lastFailure: reset,
      lastSuccessTime: succeeded.time,
    });
  });

  test('at it Ready turns False', () => {
    const next = lawful({ before: ready, verdict: probed(reset, { countsAtOnce: false, consecutiveFailures: 3 }) });
    expect(conditionsOf(next)[0]).toBe('Ready=False ConnectionReset');
  });

  test('a first probe of a spec counts at once', () => {
    const next = lawful({ before: ready, generation: 2, verdict: probed(reset, { consecutiveFailures: 1 }) });
    expect(conditionsOf(next)[0]).toBe('Ready=False ConnectionReset');
  });

  test('a relay that was not ready shows the newest reason at once', () => {
    const before = lawful({ verdict: probed(reset) });
    const next = lawful({
      before,
      verdict: probed(failed('Connect', 'ConnectionRefused'), { countsAtOnce: false, consecutiveFailures: 2 }),
    });
    expect(conditionsOf(next)[0]).toBe('Ready=False ConnectionRefused');
  });
});

test('lastTransitionTime moves only when the status of a condition does', () => {
  const first = lawful({ verdict: probed(failed('Connect', 'ConnectionRefused')), now: 0 });
  const second = lawful({ before: first, verdict: probed(failed('Connect', 'ConnectionTimedOut')), now: 60_000 });
  const third = lawful({ before: second, verdict: probed(succeeded), now: 120_000 });
  const times = [first, second, third].map((status) => status.conditions?.[0]?.lastTransitionTime);
  expect(times).toEqual(['1970-01-01T00:00:00Z', '1970-01-01T00:00:00Z', '1970-01-01T00:02:00Z']);
});

test('a suspended relay keeps what was seen and says Suspended', () => {
  const before = lawful({ verdict: probed(succeeded) });
  const next = lawful({ before, generation: 2, verdict: { kind: 'suspended' } });
  expect(next).toMatchObject({ observedGeneration: 2, lastProbe: succeeded });
  expect(conditionsOf(next)).toEqual(['Ready=True Suspended', ...conditionsOf(before).slice(1)]);
});

test.each([
  ['rejected', lawful({ verdict: { kind: 'rejected', violation } })],
  ['never probed', undefined],
])('a relay that was %s and is suspended stalls, so that nobody waits for it', (_, before) => {
  const suspendedNow = lawful({ before, generation: 2, verdict: { kind: 'suspended' } });
  expect(conditionsOf(suspendedNow)).toEqual(['Ready=False Suspended', 'Stalled=True Suspended']);
});

test('a probe request is answered whatever came of it', () => {
  const next = lawful({ verdict: { kind: 'rejected', violation }, handledRequest: 'token-1' });
  expect(next.lastHandledProbeRequest).toBe('token-1');
});
