import { X509Certificate } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { certificatePath } from '../../../src/smtp/trust/certificate-path.ts';
import { startHostileServer } from '../hostile-server.ts';
import { mailScript } from '../mail-script.ts';
import { runProbe } from '../probing.ts';
import { type CrossSigned, makeCrossSigned } from './cross-signed.ts';

type Name = Exclude<keyof CrossSigned, 'key'>;

const day = 86_400_000;
const now = Date.now();
const stale = { notBefore: new Date(now - 60 * day), notAfter: new Date(now - 30 * day) };

let certificates: CrossSigned;
beforeAll(async () => {
  certificates = await makeCrossSigned({ cross: stale });
});

describe('the path of a certificate', () => {
  test.each<{ name: string; sent: Name[]; anchors: Name[]; path: Name[] }>([
    {
      name: 'leads to the trusted root',
      sent: ['leaf', 'intermediate'],
      anchors: ['root'],
      path: ['leaf', 'intermediate', 'root'],
    },
    {
      name: 'takes the trusted root rather than another certificate of its key that was sent',
      sent: ['leaf', 'intermediate', 'cross'],
      anchors: ['root'],
      path: ['leaf', 'intermediate', 'root'],
    },
    {
      name: 'does not depend on the order that they were sent in',
      sent: ['leaf', 'cross', 'intermediate'],
      anchors: ['root'],
      path: ['leaf', 'intermediate', 'root'],
    },
    {
      name: 'leaves out what belongs to another',
      sent: ['leaf', 'old', 'intermediate'],
      anchors: ['root'],
      path: ['leaf', 'intermediate', 'root'],
    },
    {
      name: 'goes by what was sent where nothing trusted issued it',
      sent: ['leaf', 'intermediate', 'cross'],
      anchors: ['old'],
      path: ['leaf', 'intermediate', 'cross', 'old'],
    },
    {
      name: 'takes a valid one of two that are trusted',
      sent: ['leaf', 'intermediate'],
      anchors: ['cross', 'root'],
      path: ['leaf', 'intermediate', 'root'],
    },
    {
      name: 'ends at an intermediate that is trusted',
      sent: ['leaf', 'intermediate', 'cross'],
      anchors: ['intermediate'],
      path: ['leaf', 'intermediate'],
    },
    {
      name: 'is the server’s own where that is trusted',
      sent: ['leaf', 'intermediate'],
      anchors: ['leaf'],
      path: ['leaf'],
    },
    {
      name: 'leads as far as what was sent where nothing is trusted',
      sent: ['leaf', 'intermediate'],
      anchors: [],
      path: ['leaf', 'intermediate'],
    },
    { name: 'of nothing is nothing', sent: [], anchors: ['root'], path: [] },
  ])('$name', ({ sent, anchors, path }) => {
    const parsed = (names: readonly Name[]) => names.map((name) => new X509Certificate(certificates[name]));
    const found = certificatePath(parsed(sent), { anchors: parsed(anchors), now });
    expect(found.map(({ fingerprint256 }) => fingerprint256)).toEqual(
      parsed(path).map(({ fingerprint256 }) => fingerprint256),
    );
  });
});

describe('a server that sends a cross-signed root beside what is needed', () => {
  async function probed(made: CrossSigned, trusted: string) {
    const cert = made.leaf + made.intermediate + made.cross;
    const server = await startHostileServer(mailScript({ tls: { cert, key: made.key }, implicit: true }));
    const tls = { mode: 'Implicit', trustedCertificates: [trusted] } as const;
    const report = await runProbe({ depth: 'Tls', port: server.port, tls });
    await server.stop();
    return report;
  }

  test('is trusted although that has expired, and warned of it', async () => {
    const report = await probed(certificates, certificates.root);
    expect(report).toMatchObject({ outcome: 'Succeeded', tls: { verified: true } });
    expect(report.tls?.chain).toHaveLength(3);
    expect(report.warnings).toEqual([
      {
        reason: 'UnusedCertificateExpired',
        message: expect.stringMatching(
          /also sends the certificate "CN=New Root" \(issued by "CN=Old Root"\).*not needed/,
        ),
      },
    ]);
  });

  test('is not warned that one ends soon which is not needed', async () => {
    const made = await makeCrossSigned({ cross: { notAfter: new Date(now + 5 * day) } });
    expect((await probed(made, made.root)).warnings).toBeUndefined();
    expect((await probed(made, made.old)).warnings).toMatchObject([
      { reason: 'CertificateExpiresSoon', message: expect.stringContaining('"CN=New Root"') },
    ]);
  });

  test('is not trusted where what has expired is needed', async () => {
    expect(await probed(certificates, certificates.old)).toMatchObject({
      reason: 'CertificateExpired',
      message: expect.stringContaining('"CN=New Root" expired on'),
    });
    const made = await makeCrossSigned({ cross: {}, intermediate: stale });
    expect(await probed(made, made.root)).toMatchObject({
      reason: 'CertificateExpired',
      message: expect.stringContaining('"CN=Issuing CA" expired on'),
    });
  });
});
