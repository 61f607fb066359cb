import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRelay } from '../../src/api/validate-relay.ts';
import { relay, relayArbitrary } from './relay-arbitrary.ts';
import { relayCases } from './relay-cases.ts';

describe('parseRelay', () => {
  test.each(relayCases)('$title', ({ manifest, says }) => {
    expect(said(manifest)).toEqual([...says].sort());
  });

  test('fills in the defaults', () => {
    const parsed = parseRelay(relay({ host: 'mail.example.com', tls: { caSecretRef: { name: 'ca' } }, probe: null }));
    expect(parsed).toMatchObject({
      kind: 'valid',
      relay: {
        metadata: { name: 'corporate', namespace: 'default' },
        spec: {
          tls: { mode: 'StartTls', minVersion: 'TLS1.2', caSecretRef: { name: 'ca', key: 'ca.crt' } },
          probe: { interval: '5m', depth: 'Auth', failureThreshold: 3 },
          limits: { maxConnections: 5 },
          suspend: false,
        },
      },
    });
  });

  test('leaves what it was given as it was, and shares nothing with it', () => {
    const manifest = relay({ host: 'mail.example.com', tls: { pinnedSha256: [] } });
    const before = structuredClone(manifest);
    const parsed = parseRelay(manifest);
    if (parsed.kind !== 'valid') throw new Error('it is valid');
    parsed.relay.spec.tls.pinnedSha256?.push('x');
    expect(manifest).toEqual(before);
  });

  test('gives two relays defaults of their own', () => {
    const [one, other] = [parseRelay(relay({ host: 'a' })), parseRelay(relay({ host: 'b' }))];
    if (one.kind !== 'valid' || other.kind !== 'valid') throw new Error('they are valid');
    one.relay.spec.tls.mode = 'None';
    expect(other.relay.spec.tls.mode).toBe('StartTls');
  });

  test('tells a wrong combination from a wrong field', () => {
    const parsed = parseRelay(
      relay({ host: 'a b', tls: { caSecretRef: { name: 'a' }, caConfigMapRef: { name: 'b' } } }),
    );
    expect(parsed.kind === 'invalid' && parsed.violations.map(({ reason, fieldPath }) => [fieldPath, reason])).toEqual([
      ['spec.host', 'SchemaInvalid'],
      ['spec.tls', 'CombinationInvalid'],
    ]);
  });

  test.each([
    ['text', 'SmtpRelay', ': must be an object with apiVersion, kind, metadata and spec'],
    [
      'another version',
      { ...relay({}), apiVersion: 'relaykeeper.dev/v2' },
      'apiVersion: Invalid value: "relaykeeper.dev/v2": must be relaykeeper.dev/v1alpha1',
    ],
    ['no kind', { ...relay({}), kind: undefined }, 'kind: Required value: must be SmtpRelay'],
    [
      'a name to be generated',
      relay({ host: 'a' }, { metadata: { generateName: 'a-' } }),
      'metadata.name: Required value: a relay in a file needs a name of its own; generateName is only for kubectl create',
    ],
    [
      'a namespace in capitals',
      relay({ host: 'a' }, { metadata: { name: 'a', namespace: 'Mail' } }),
      "metadata.namespace: Invalid value: \"Mail\": a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
    ],
    [
      'metadata of text',
      relay({ host: 'a' }, { metadata: 'a' }),
      'metadata: Invalid value: "string": metadata in body must be of type object: "string"',
    ],
  ])('refuses %s', (_, manifest, says) => {
    expect(said(manifest)).toEqual([says]);
  });

  test('says that there are more violations rather than a hundred thousand of them', () => {
    const fields = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`unknown${index}`, 1]));
    const parsed = parseRelay(relay({ host: 'a', ...fields }));
    if (parsed.kind !== 'invalid') throw new Error('it is invalid');
    expect(parsed.violations).toHaveLength(101);
    expect(parsed.violations.at(-1)?.message).toBe('99900 more violations are not shown');
  });

  test('never throws, and never takes what is no relay, whatever JSON it is given', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(parseRelay(value).kind).toBe('invalid');
        expect(parseRelay(relay(value)).kind).toBe('invalid');
        expect(parseRelay(relay({ host: 'a' }, { metadata: value })).kind).toMatch(/^(in)?valid$/);
      }),
    );
  });

  test('gives a relay with which it finds no fault again', () => {
    fc.assert(
      fc.property(relayArbitrary, (manifest) => {
        const parsed = parseRelay(manifest);
        if (parsed.kind === 'valid') expect(parseRelay(parsed.relay)).toEqual(parsed);
      }),
    );
  });
});

function said(manifest: unknown): string[] {
  const parsed = parseRelay(manifest);
  return parsed.kind === 'valid'
    ? []
    : parsed.violations.map(({ fieldPath, message }) => `${fieldPath}: ${message}`).sort();
}
