import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../src/alarms/fingerprint.ts';
import { normalizedText } from '../../src/alarms/normalized-text.ts';

describe('normalizedText takes out', () => {
  test.each([
    ['a UUID', 'request 3f2504e0-4f89-11d3-9a0c-0305e82c3301 failed', 'request <*> failed'],
    ['a commit hash', 'revision 9fceb02 is not there', 'revision <*> is not there'],
    [
      'a digest',
      'image sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1 is gone',
      'image sha256:<*> is gone',
    ],
    ['an address in memory', 'segfault at 0xDEADBEEF', 'segfault at <*>'],
    ['a time of RFC 3339', 'since 2026-11-24T12:00:00.123Z and 2026-11-24T12:00:00+01:00', 'since <*> and <*>'],
    ['a time as logs write it', 'since 2026-11-24 12:00:00,123 until 2026-11-25', 'since <*> until <*>'],
    ['a time of day', 'at 12:00:01 or 12:00', 'at <*> or <*>'],
    ['an IPv4 address with a port', 'dial tcp 10.0.12.7:8443: connection refused', 'dial tcp <*>: connection refused'],
    [
      'an IPv6 address with a port',
      'dial tcp [2001:db8::7]:8443: connection refused',
      'dial tcp <*>: connection refused',
    ],
    ['a network', 'no route to 10.0.0.0/16', 'no route to <*>'],
    ['the hash and the suffix of a pod', 'Back-off restarting web-7d4b9c6f5d-x2x9k', 'Back-off restarting web-<*>'],
    ['the suffix of a pod', 'Back-off restarting agent-x2x9k', 'Back-off restarting agent-<*>'],
    ['a quoted id', 'user "u-4711" and \'job42\'', 'user "<*>" and \'<*>\''],
    ['an id in brackets', '[req-42] failed (attempt7)', '[<*>] failed (<*>)'],
    ['a number', '17 of 20 pods', '<*> of <*> pods'],
    ['a number with a sign and a fraction', 'value -3.5 is under +2', 'value <*> is under <*>'],
    ['a number with a unit', 'disk 91% full, 12.5GiB left, 300 ms', 'disk <*> full, <*> left, <*>'],
    ['a duration', 'backing off 1h2m3.5s', 'backing off <*>'],
  ])('%s', (_, text, normalized) => {
    expect(normalizedText(text)).toBe(normalized);
  });
});

describe('normalizedText leaves', () => {
  test.each([
    ['words', 'Readiness probe failed: connection refused'],
    ['words of hexadecimal letters', 'the facade was defaced and effaced'],
    ['names with a digit', 'http2 on eth0 of node a1b'],
    ['quoted words', 'secret "login" not found in \'mail\''],
    ['words in brackets', '[critical] failed (timeout)'],
    ['names with hyphens', 'deployment user-portal-backend of kube-system'],
    ['its own placeholder', 'pod web-<*> restarted <*> times'],
  ])('%s', (_, text) => {
    expect(normalizedText(text)).toBe(text);
  });
});

const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });
const volatile = fc.oneof(
  fc.uuid(),
  fc.nat().map(String),
  hex(12).map((digits) => `${digits}7`),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }).map((date) => date.toISOString()),
  fc.ipV4(),
  fc.tuple(fc.nat(1e4), fc.constantFrom('s', 'ms', 'm', 'h', '%', 'MiB')).map(([amount, unit]) => `${amount}${unit}`),
);
const word = fc
  .string({ unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz'), minLength: 1, maxLength: 12 })
  // A unit after a number is part of it.
  .filter((text) => normalizedText(`1 ${text}`).endsWith(` ${text}`));

describe('fingerprintOf', () => {
  const identity = { source: 'events', labels: { alertname: 'BackOff', namespace: 'shop' }, text: 'restarted 3 times' };

  test('is 32 hexadecimal digits', () => {
    expect(fingerprintOf(identity, 'Normalized')).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each([
    ['the order of labels does not matter', { ...identity, labels: { namespace: 'shop', alertname: 'BackOff' } }, true],
    ['an empty label is no label', { ...identity, labels: { ...identity.labels, node: '' } }, true],
    ['a number in the text does not matter', { ...identity, text: 'restarted 4 times' }, true],
    ['a word in the text does', { ...identity, text: 'stopped 3 times' }, false],
    ['a label does', { ...identity, labels: { ...identity.labels, namespace: 'mail' } }, false],
    ['the source does', { ...identity, source: 'webhook' }, false],
  ])('%s', (_, other, same) => {
    expect(fingerprintOf(other, 'Normalized') === fingerprintOf(identity, 'Normalized')).toBe(same);
  });

  test('Exact tells numbers apart', () => {
    expect(fingerprintOf({ ...identity, text: 'restarted 4 times' }, 'Exact')).not.toBe(
      fingerprintOf(identity, 'Exact'),
    );
  });

  test('a second pass changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(volatile, word, fc.string()), { maxLength: 8 }), (parts) => {
        const once = normalizedText(parts.join(' '));
        expect(normalizedText(once)).toBe(once);
      }),
      { numRuns: 1_000 },
    );
  });

  test('texts that differ in ids, times and numbers only are the same', () => {
    const texts = fc.array(fc.tuple(word, volatile, volatile), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(texts, (parts) => {
        const [one, other] = [1, 2].map((side) => parts.map((part) => `${part[0]} ${part[side]}`).join(' '));
        expect(normalizedText(one ?? '')).toBe(normalizedText(other ?? ''));
      }),
      { numRuns: 1_000 },
    );
  });

  test('texts that differ in a word are not', () => {
    fc.assert(
      fc.property(word, word, volatile, (one, other, value) => {
        fc.pre(one !== other);
        const [left, right] = [one, other].map((text) => normalizedText(`pod ${text} failed ${value}`));
        expect(left).not.toBe(right);
      }),
      { numRuns: 1_000 },
    );
  });

  test('a long hostile text takes no time', () => {
    for (const text of [
      '1'.repeat(100_000),
      ':'.repeat(100_000),
      '[1'.repeat(50_000),
      'a-'.repeat(50_000),
      '1:'.repeat(50_000),
      '1h'.repeat(50_000),
      '1.'.repeat(50_000),
      '1 '.repeat(50_000),
      'abc'.repeat(40_000),
      '"1'.repeat(50_000),
      '(1'.repeat(50_000),
    ]) {
      const start = performance.now();
      normalizedText(text);
      expect(performance.now() - start, text.slice(0, 4)).toBeLessThan(5_000);
    }
  });
});
