import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SaslMechanism } from '../../../src/smtp/sasl/choose-mechanism.ts';
import { saslExchange } from '../../../src/smtp/sasl/exchange.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');
const text = (line: string | undefined) => Buffer.from(line ?? '', 'base64').toString();
const login = { username: 'tim', secret: 'tanstaaftanstaaf' };
const mechanisms: readonly SaslMechanism[] = ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'];

describe('PLAIN', () => {
  it('says everything at once (RFC 4616 section 4)', () => {
    expect(saslExchange('PLAIN', login).initialResponse).toBe('AHRpbQB0YW5zdGFhZnRhbnN0YWFm');
  });

  it('sends UTF-8', () => {
    expect(text(saslExchange('PLAIN', { username: 'jörg', secret: 'пароль€' }).initialResponse)).toBe(
      '\0jörg\0пароль€',
    );
  });

  it('stops where the server asks for more', () => {
    expect(saslExchange('PLAIN', login).respond('').kind).toBe('abort');
  });

  it('waits for the empty challenge where the command would be longer than 512 octets (RFC 5321 section 4.5.3.1.4)', () => {
    const exchange = saslExchange('PLAIN', { username: 'tim', secret: 'x'.repeat(400) });
    expect(exchange.initialResponse).toBeUndefined();
    expect(exchange.respond('')).toEqual({ kind: 'send', line: base64(`\0tim\0${'x'.repeat(400)}`) });
    expect(exchange.respond('').kind).toBe('abort');
  });
});

describe('LOGIN', () => {
  it.each([
    ['as most servers do', 'VXNlcm5hbWU6', 'UGFzc3dvcmQ6'],
    ['with other words', 'VXNlciBOYW1lAA==', 'UGFzc3dvcmQA'],
    ['without words', '', ''],
    ['in clear', 'Username:', 'Password:'],
  ])('answers a server that asks %s', (_how, first, second) => {
    const exchange = saslExchange('LOGIN', login);
    expect(exchange.initialResponse).toBeUndefined();
    expect(exchange.respond(first)).toEqual({ kind: 'send', line: base64('tim') });
    expect(exchange.respond(second)).toEqual({ kind: 'send', line: base64('tanstaaftanstaaf') });
    expect(exchange.respond('').kind).toBe('abort');
  });
});

describe('CRAM-MD5', () => {
  it('answers as in RFC 2195 section 2', () => {
    const challenge = 'PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+';
    expect(saslExchange('CRAM-MD5', login).respond(challenge)).toEqual({
      kind: 'send',
      line: 'dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw',
    });
  });

  it.each(['', 'no base64!'])('stops at the challenge %j', (challenge) => {
    expect(saslExchange('CRAM-MD5', login).respond(challenge).kind).toBe('abort');
  });

  it('answers once only', () => {
    const exchange = saslExchange('CRAM-MD5', login);
    exchange.respond(base64('<1@x>'));
    expect(exchange.respond(base64('<2@x>')).kind).toBe('abort');
  });

  it('gives any password to nobody: the line is its HMAC', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ minLength: 1 }), (secret, challenge) => {
        fc.pre(!secret.includes('\0') && secret.isWellFormed());
        const step = saslExchange('CRAM-MD5', { username: 'tim', secret }).respond(base64(challenge));
        const digest = createHmac('md5', secret).update(challenge).digest('hex');
        expect(step).toEqual({ kind: 'send', line: base64(`tim ${digest}`) });
      }),
    );
  });
});

describe('XOAUTH2', () => {
  it('says user and token at once', () => {
    const { initialResponse } = saslExchange('XOAUTH2', { username: 'ise@example.com', secret: 'ya29.token' });
    expect(text(initialResponse)).toBe('user=ise@example.com\x01auth=Bearer ya29.token\x01\x01');
  });

  it('sends a long token after an empty challenge, and an empty line after a refusal', () => {
    const exchange = saslExchange('XOAUTH2', { username: 'ise@example.com', secret: 'x'.repeat(2000) });
    expect(exchange.initialResponse).toBeUndefined();
    expect(exchange.respond('')).toMatchObject({ kind: 'send', line: expect.stringMatching(/^.{2000,}$/) });
    expect(exchange.respond('').kind).toBe('send');
    expect(exchange.respond('').kind).toBe('abort');
  });

  it('tells what the refusal says', () => {
    const challenge = base64('{"status":"401","schemes":"bearer","scope":"https://mail.google.com/"}');
    expect(saslExchange('XOAUTH2', login).respond(challenge)).toEqual({
      kind: 'send',
      line: '',
      evidence: 'The server answered the token with status 401, schemes bearer, scope https://mail.google.com/.',
    });
  });

  it.each([
    ['no JSON', base64('no')],
    ['no object', base64('["x"]')],
    ['no known field', base64('{"a":1}')],
    ['no base64', '%%%'],
  ])('answers a refusal that is %s with an empty line and no evidence', (_what, challenge) => {
    expect(saslExchange('XOAUTH2', login).respond(challenge)).toEqual({ kind: 'send', line: '' });
  });
});

describe.each(mechanisms)('%s', (mechanism) => {
  it.each([
    ['an empty user name', { username: '', secret: 'x' }],
    ['an empty secret', { username: 'tim', secret: '' }],
    ['NUL in the user name', { username: 'ti\0m', secret: 'x' }],
    ['NUL in the secret', { username: 'tim', secret: 'top\0secret' }],
    ['half a character', { username: 'tim', secret: 'top\ud800secret' }],
    ['a secret longer than a line may be (RFC 4954 section 4)', { username: 'tim', secret: 's'.repeat(9300) }],
  ])('sends nothing of %s', (_what, credentials) => {
    const exchange = saslExchange(mechanism, credentials);
    expect(exchange.unusable).toMatch(/\.$/);
    expect(exchange.unusable).not.toContain('secret');
    expect(exchange.initialResponse).toBeUndefined();
    expect(exchange.respond('').kind).toBe('abort');
  });

  it('never throws, ends within three challenges, and keeps to the line length, whatever is said', () => {
    const credentials = fc.record({
      username: fc.string({ unit: 'binary', maxLength: 6000 }),
      secret: fc.string({ unit: 'binary', maxLength: 9000 }),
    });
    fc.assert(
      fc.property(
        credentials,
        fc.array(fc.oneof(fc.string(), fc.base64String()), { minLength: 4, maxLength: 4 }),
        (one, challenges) => {
          const exchange = saslExchange(mechanism, one);
          const steps = challenges.map((challenge) => exchange.respond(challenge));
          expect(`AUTH ${mechanism} ${exchange.initialResponse ?? ''}\r\n`.length).toBeLessThanOrEqual(512);
          for (const step of steps) {
            if (step.kind === 'send') expect(step.line).toMatch(/^[A-Za-z0-9+/]{0,12286}={0,2}$/);
          }
          expect(steps.at(-1)?.kind).toBe('abort');
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('XOAUTH2 alone', () => {
  it('sends no control character that separates its fields', () => {
    expect(saslExchange('XOAUTH2', { username: 'a\x01b', secret: 'x' }).unusable).toBe(
      'The user name contains a control character.',
    );
    expect(saslExchange('PLAIN', { username: 'a\x01b', secret: 'x' }).unusable).toBeUndefined();
  });
});
