import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitStatus, maxStatusBytes, printable, truncate } from '../../src/api/fit-status.ts';
import type { ProbeReport, SmtpRelayStatus } from '../../src/api/smtp-relay.ts';

const report: ProbeReport = {
  time: '2026-11-24T10:00:00Z',
  outcome: 'Failed',
  depth: 'Auth',
  reason: 'ProtocolError',
  message: 'm',
};

test('a small status stays as it is', () => {
  const status: SmtpRelayStatus = { observedGeneration: 2, lastProbe: report };
  expect(fitStatus(status)).toEqual(status);
});

test('each list and string of a server that says too much is cut to its bound', () => {
  const fitted = fitStatus({
    lastProbe: {
      ...report,
      message: 'x'.repeat(5000),
      addresses: many(50, (n) => ({ address: `192.0.2.${n}:25` })),
      tls: { names: many(100, (n) => `host${n}.example.com`), chain: many(30, (n) => ({ subject: `CN=${n}` })) },
      senders: many(100, (n) => ({ address: `a${n}@example.com`, outcome: 'Succeeded' })),
      capabilities: many(500, (n) => `X-${n}`),
      transcript: many(100, (n) => `S: 250 ${n}`),
    },
  }).lastProbe;
  expect(Buffer.byteLength(fitted?.message ?? '')).toBe(1024);
  expect(fitted?.addresses).toHaveLength(8);
  expect(fitted?.tls?.names).toHaveLength(20);
  expect(fitted?.tls?.chain).toHaveLength(5);
  expect(fitted?.senders).toHaveLength(32);
  expect(fitted?.capabilities).toHaveLength(32);
  expect(fitted?.transcript).toHaveLength(40);
});

test('control characters that a server sent are shown, not passed on', () => {
  expect(printable('a\u001b[2Jb\r\nc\u0000\u009b\u202e')).toBe('a\\x1b[2Jb\\x0d\\x0ac\\x00\\x9b\\u202e');
});

test('a cut never splits a character in two', () => {
  expect(truncate('😀😀😀', 2)).toBe('😀…');
  expect(Buffer.byteLength(truncate('😀'.repeat(600), 1024))).toBeLessThanOrEqual(1024);
});

test('whatever is in it, a fitted status takes at most 16 KiB and keeps outcome and reason', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 2000 }),
    fc.constant('😀'.repeat(2000)),
    fc.constant('"'.repeat(2000)),
  );
  const arbitrary = fc.record({
    message: text,
    transcript: fc.array(text, { maxLength: 60 }),
    capabilities: fc.array(text, { maxLength: 60 }),
    senders: fc.array(fc.record({ address: text, outcome: text, reply: text }), { maxLength: 60 }),
    warnings: fc.array(fc.record({ reason: text, message: text }), { maxLength: 30 }),
    tls: fc.record({ names: fc.array(text, { maxLength: 40 }), subject: text, issuer: text }),
  });
  fc.assert(
    fc.property(arbitrary, arbitrary, (probe, failure) => {
      const fitted = fitStatus({
        lastProbe: { ...report, ...probe },
        lastFailure: { ...report, ...failure },
        conditions: many(9, (n) => ({
          type: `T${n}`,
          status: 'False',
          reason: 'R',
          lastTransitionTime: report.time,
          message: probe.message,
        })),
      });
      expect(Buffer.byteLength(JSON.stringify(fitted))).toBeLessThanOrEqual(maxStatusBytes);
      expect(fitted.lastProbe).toMatchObject({ outcome: 'Failed', reason: 'ProtocolError' });
    }),
    { numRuns: 100 },
  );
});

function many<T>(count: number, make: (n: number) => T): T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}
