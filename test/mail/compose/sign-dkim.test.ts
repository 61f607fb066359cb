import { createHash, createPublicKey, generateKeyPairSync, type KeyObject, verify } from 'node:crypto';
import { once } from 'node:events';
import fc from 'fast-check';
import NodemailerDkim from 'nodemailer/lib/dkim';
import { describe, expect, test } from 'vitest';
import { composeMessage } from '../../../src/mail/compose/compose-message.ts';
import { signDkim } from '../../../src/mail/compose/sign-dkim.ts';

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const ed25519 = generateKeyPairSync('ed25519').privateKey;
const pem = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const message = Buffer.from(
  'From: "A <x@evil.example>" <a@mail.example.com>\r\nTo:  b@example.org\r\nSubject: =?UTF-8?Q?a?=\r\n  folded \r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n\r\nHello  there \t\r\n\r\n.\r\n\r\n\r\n',
);

describe('a signature that others verify', () => {
  test.each([
    ['by RSA', rsa],
    ['by Ed25519', ed25519],
  ])('%s', (_, key) => {
    const signed = signedBy(key, message);
    expect(verified(signed, createPublicKey(key))).toBe('valid');
    expect(signed.subarray(-message.length).equals(message)).toBe(true);
  });

  test.each([
    ['the subject is changed', 'folded', 'forged'],
    ['the body is changed', 'Hello', 'Adieu'],
    ['the sender is changed', 'a@mail', 'b@mail'],
    ['a second From is added', 'To:  b', 'From: c@mail.example.com\r\nTo:  b'],
  ])('breaks when %s', (_, from, to) => {
    const changed = Buffer.from(signedBy(rsa, message).toString('latin1').replace(from, to), 'latin1');
    expect(verified(changed, createPublicKey(rsa))).not.toBe('valid');
  });
});

test('the verifier of this test accepts what nodemailer signs, and both hash any body alike', async () => {
  const body = fc
    .array(fc.constantFrom('a', ' ', '\t', '\r\n', '.', '\r\n\r\n', 'ü'), { maxLength: 30 })
    .map((parts) => parts.join(''));
  await fc.assert(
    fc.asyncProperty(body, async (text) => {
      const raw = Buffer.from(`From: a@example.com\r\nSubject: x\r\n\r\n${text}`);
      const signer = new NodemailerDkim({ domainName: 'example.com', keySelector: 's1', privateKey: pem(rsa) });
      const theirs = await collected(signer.sign(raw));
      const ours = signedBy(rsa, raw, 'example.com');
      expect(tag(theirs, 'bh')).toBe(tag(ours, 'bh'));
      expect([verified(theirs, createPublicKey(rsa)), verified(ours, createPublicKey(rsa))]).toEqual([
        'valid',
        'valid',
      ]);
    }),
    { numRuns: 50 },
  );
});

describe('only a From of the domain is signed', () => {
  test.each([
    ['the domain itself', 'example.com', 'signed'],
    ['a domain above it', 'com', 'signed'],
    ['its parent', 'mail.example.com', 'unsigned'],
    ['one that ends alike', 'ample.com', 'unsigned'],
    ['the name in the display name', 'evil.example', 'unsigned'],
  ])('%s', async (_, domain, kind) => {
    const composed = await composeMessage({
      ...{ id: 'a', date: 0, to: 'b@example.org', subject: 'x', text: 'x', ruleKind: 'Test' },
      from: { address: 'a@example.com', name: 'x@evil.example <x@evil.example>' },
    });
    if (composed.kind === 'invalid') throw new Error(composed.message);
    expect(signDkim(composed.raw, { domain, selector: 's1', privateKey: pem(rsa) }).kind).toBe(kind);
  });

  test('two From headers are not signed', () => {
    const raw = Buffer.from('From: a@example.com\r\nFrom: b@example.com\r\n\r\nx\r\n');
    expect(signDkim(raw, { domain: 'example.com', selector: 's1', privateKey: pem(rsa) }).kind).toBe('unsigned');
  });
});

function signedBy(key: KeyObject, raw: Buffer, domain = 'mail.example.com'): Buffer {
  const result = signDkim(raw, { domain, selector: 's1', privateKey: pem(key) });
  if (result.kind === 'unsigned') throw new Error(result.message);
  return result.raw;
}

async function collected(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(stream, 'end');
  return Buffer.concat(chunks);
}

function tag(raw: Buffer, name: string): string {
  const [header = ''] = raw.toString('latin1').split(/\r\n(?![ \t])/);
  return new RegExp(`[;:\\s]${name}=([^;]*)`).exec(header)?.[1]?.replace(/\s/g, '') ?? '';
}

/** RFC 6376 section 6.1.3, written apart from the signer. */
function verified(raw: Buffer, key: KeyObject): 'valid' | 'body' | 'signature' {
  const text = raw.toString('latin1');
  const end = text.indexOf('\r\n\r\n');
  const [signature = '', ...headers] = text.slice(0, end).split(/\r\n(?![ \t])/);
  const relaxed = (line: string) => {
    const [, name = '', value = ''] = /^([^:]+):(.*)$/s.exec(line) ?? [];
    return `${name.toLowerCase()}:${value
      .replace(/\r\n/g, '')
      .replace(/[ \t]+/g, ' ')
      .trim()}`;
  };
  const body = text
    .slice(end + 4)
    .replace(/[ \t]+/g, ' ')
    .replace(/ \r\n/g, '\r\n')
    .replace(/ $/, '')
    .replace(/(\r\n)+$/, '');
  const hash = createHash('sha256')
    .update(body === '' ? '' : `${body}\r\n`, 'latin1')
    .digest('base64');
  if (hash !== tag(raw, 'bh')) return 'body';
  const left = [...headers];
  const lines = tag(raw, 'h')
    .split(':')
    .flatMap((name) => {
      const index = left.findLastIndex((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`));
      return index < 0 ? [] : left.splice(index, 1).map(relaxed);
    });
  const data = Buffer.from([...lines, relaxed(signature.replace(/([;\s]b=)[^;]*$/, '$1'))].join('\r\n'), 'latin1');
  const bytes = Buffer.from(tag(raw, 'b'), 'base64');
  const rsaKey = key.asymmetricKeyType === 'rsa';
  const valid = rsaKey
    ? verify('sha256', data, key, bytes)
    : verify(null, createHash('sha256').update(data).digest(), key, bytes);
  return valid ? 'valid' : 'signature';
}
