// When a login is sent, whose turn it is, and what becomes of its token.
import { afterEach, describe, expect, test } from 'vitest';
import type { BeforeLogin, LoginOutcome } from '../../../src/smtp/login-turn.ts';
import type { TokenRequest } from '../../../src/smtp/oauth/token-request.ts';
import { type HostileServer, type Script, startHostileServer } from '../hostile-server.ts';
import { mailScript } from '../mail-script.ts';
import { runProbe, tokenSource } from '../probing.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function serve(script: Script): Promise<HostileServer> {
  const server = await startHostileServer(script);
  stops.push(server.stop);
  return server;
}

const answering = (reply: string) => mailScript({ capabilities: ['AUTH PLAIN XOAUTH2'], on: { AUTH: `${reply}\r\n` } });
const login = { depth: 'Auth', auth: { allowUnencrypted: true } } as const;

describe('the turn for a login', () => {
  function turns() {
    const outcomes: LoginOutcome[] = [];
    const done = (outcome: LoginOutcome) => void outcomes.push(outcome);
    return { outcomes, go: { kind: 'go', done } as const };
  }

  test('is taken once the server is ready for it, before the first line of it', async () => {
    const { outcomes, go } = turns();
    const server = await serve(answering('235 welcome'));
    let before = '';
    const beforeLogin: BeforeLogin = async () => {
      before = server.received[0] ?? '';
      return go;
    };
    const report = await runProbe({ ...login, port: server.port, deps: { beforeLogin } });
    expect(report.outcome).toBe('Succeeded');
    expect(before).toMatch(/^EHLO \S+\r\n$/);
    expect(outcomes).toEqual([{ kind: 'accepted' }]);
  });

  test('ends with what the report will say', async () => {
    const { outcomes, go } = turns();
    const { port } = await serve(answering('535 5.7.8 no'));
    const report = await runProbe({ ...login, port, deps: { beforeLogin: async () => go } });
    expect(report).toMatchObject({ reason: 'AuthenticationFailed', replyCode: 535 });
    expect(outcomes).toEqual([
      { kind: 'failed', reason: 'AuthenticationFailed', message: report.message, replyCode: 535 },
    ]);
  });

  test('ends when the login does, not with the rest of the probe', async () => {
    const { outcomes, go } = turns();
    let atMail: number | undefined;
    const on = {
      MAIL: () => {
        atMail = outcomes.length;
        return '250 fine\r\n';
      },
    };
    const { port } = await serve(mailScript({ capabilities: ['AUTH PLAIN'], on }));
    await runProbe({ ...login, depth: 'Envelope', port, deps: { beforeLogin: async () => go } });
    expect(atMail).toBe(1);
  });

  test('ends also where the server hangs up', async () => {
    const { outcomes, go } = turns();
    const { port } = await serve(async (peer) => {
      peer.send('220 hello\r\n');
      await peer.line();
      peer.send('250-mx\r\n250 AUTH PLAIN\r\n');
      await peer.line();
      peer.end();
    });
    await runProbe({ ...login, port, deps: { beforeLogin: async () => go } });
    expect(outcomes).toMatchObject([{ kind: 'failed', reason: 'ConnectionClosed', replyCode: undefined }]);
  });

  test('that is not given because another saw a refusal ends the probe with that, and nothing is sent', async () => {
    const held = { reason: 'AuthenticationFailed', message: 'Refused a moment ago.' } as const;
    const server = await serve(answering('235 welcome'));
    const report = await runProbe({
      ...login,
      port: server.port,
      deps: { beforeLogin: async () => ({ kind: 'held', held }) },
    });
    expect(report).toMatchObject({ failedStage: 'Auth', reason: 'AuthenticationFailed' });
    expect(report.message).toMatch(/^Refused a moment ago\. This login is not tried again until/);
    expect(report.warnings).toBeUndefined();
    expect(server.received[0]).not.toContain('AUTH');
  });

  test('that does not come in time is given back when it comes, and nothing is sent', async () => {
    const { outcomes, go } = turns();
    const stop = new AbortController();
    const comes = Promise.withResolvers<typeof go>();
    const beforeLogin: BeforeLogin = () => {
      stop.abort();
      return comes.promise;
    };
    const server = await serve(answering('235 welcome'));
    const report = await runProbe({ ...login, port: server.port, deps: { beforeLogin, signal: stop.signal } });
    expect(report).toMatchObject({ failedStage: 'Auth', reason: 'AuthenticationTemporaryFailure' });
    comes.resolve(go);
    await expect.poll(() => outcomes).toEqual([{ kind: 'notTried' }]);
    expect(server.received[0]).not.toContain('AUTH');
  });

  test('is not asked for where the login cannot be sent', async () => {
    let asked = 0;
    const beforeLogin: BeforeLogin = async () => {
      asked += 1;
      return turns().go;
    };
    const { port } = await serve(mailScript({ capabilities: ['AUTH NTLM'] }));
    await runProbe({ ...login, port, deps: { beforeLogin } });
    await runProbe({ ...login, auth: {}, port, deps: { beforeLogin } });
    expect(asked).toBe(0);
  });
});

describe('an access token', () => {
  const token: TokenRequest = {
    tokenUrl: 'https://login.example.com/token',
    scopes: [],
    grant: { kind: 'ClientCredentials', clientId: 'me', clientSecret: 'mine-7c1d' },
    from: 'Secret "oauth"',
  };
  const auth = { mechanism: 'XOAuth2', allowUnencrypted: true, secret: { kind: 'oauth2', token } } as const;

  test.each([
    { name: 'that the server refused is forgotten', reply: '535 5.7.8 bad token', forgotten: ['bearer-5e1f'] },
    { name: 'that another 5xx was said to is forgotten', reply: '550 5.7.1 not now', forgotten: ['bearer-5e1f'] },
    { name: 'that the server could not check is kept', reply: '454 4.7.0 try again', forgotten: [] },
    { name: 'that was accepted is kept', reply: '235 welcome', forgotten: [] },
  ])('$name', async ({ reply, forgotten }) => {
    const tokens = tokenSource({ kind: 'token', accessToken: 'bearer-5e1f' });
    const { port } = await serve(answering(reply));
    await runProbe({ depth: 'Auth', auth, port, deps: { tokens } });
    expect(tokens.forgotten).toEqual(forgotten);
  });
});
