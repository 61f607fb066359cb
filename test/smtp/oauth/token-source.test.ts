import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TokenRequest } from '../../../src/smtp/oauth/token-request.ts';
import { createTokenSource, type TokenResult, type TokenSource } from '../../../src/smtp/oauth/token-source.ts';
import { type Endpoint, json, startEndpoint } from './token-endpoint.ts';

const secret = 'S3cret~value/with+signs';

let endpoint: Endpoint;
let source: TokenSource;
let now: number;

beforeEach(async () => {
  endpoint = await startEndpoint();
  source = createTokenSource({ extraCa: [endpoint.ca] });
  now = Date.parse('2026-11-24T10:00:00Z');
});
afterEach(async () => {
  await endpoint.close();
});

function clientCredentials(tokenUrl = endpoint.url): TokenRequest {
  return {
    tokenUrl,
    scopes: ['https://outlook.office365.com/.default'],
    grant: { kind: 'ClientCredentials', clientId: 'app-1', clientSecret: secret },
    from: 'Secret "oauth"',
  };
}

function refresh(): TokenRequest {
  const grant = {
    kind: 'RefreshToken',
    clientId: 'app-1',
    refreshToken: 'first-refresh',
    clientSecret: undefined,
  } as const;
  return { ...clientCredentials(), grant };
}

async function ask(request = clientCredentials(), signal = new AbortController().signal): Promise<TokenResult> {
  return await source(request, { now: () => now, signal });
}

function token(accessToken: string, expiresIn: number | undefined = 3600) {
  return json(200, { access_token: accessToken, token_type: 'Bearer', expires_in: expiresIn });
}

describe('asks for a token', () => {
  it('with client credentials, as a form', async () => {
    endpoint.answer(token('t1'));
    expect(await ask()).toEqual({ kind: 'token', accessToken: 't1' });
    expect(Object.fromEntries(endpoint.forms[0] ?? [])).toEqual({
      grant_type: 'client_credentials',
      client_id: 'app-1',
      client_secret: secret,
      scope: 'https://outlook.office365.com/.default',
    });
    expect(endpoint.requests[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  });

  it('with a refresh token, and from then on with the one that replaced it', async () => {
    endpoint.answer(
      json(200, { access_token: 't1', token_type: 'Bearer', expires_in: 100, refresh_token: 'second-refresh' }),
      token('t2'),
    );
    await ask(refresh());
    now += 90_000;
    expect(await ask(refresh())).toEqual({ kind: 'token', accessToken: 't2' });
    expect(endpoint.forms.map((form) => form.get('refresh_token'))).toEqual(['first-refresh', 'second-refresh']);
  });

  it('with the refresh token of the Secret again where the replacement was refused', async () => {
    const refused = json(400, { error: 'invalid_grant' });
    endpoint.answer(
      json(200, { access_token: 't1', expires_in: 100, refresh_token: 'second-refresh' }),
      refused,
      token('t3'),
    );
    await ask(refresh());
    now += 200_000;
    expect(await ask(refresh())).toMatchObject({ reason: 'TokenRejected' });
    now += 60_000;
    expect(await ask(refresh())).toEqual({ kind: 'token', accessToken: 't3' });
    expect(endpoint.forms.map((form) => form.get('refresh_token'))).toEqual([
      'first-refresh',
      'second-refresh',
      'first-refresh',
    ]);
  });
});

describe('keeps a token', () => {
  it.each([
    { life: 3600, until: 3299, from: 3301, name: 'of an hour until five minutes before its end' },
    { life: 100, until: 79, from: 81, name: 'of 100 seconds for 80 % of its life' },
    { life: undefined, until: 239, from: 241, name: 'without a stated life for four minutes' },
  ])('$name', async ({ life, until, from }) => {
    const start = now;
    endpoint.answer(
      json(200, { access_token: 't1', expires_in: life }),
      json(200, { access_token: 't2', expires_in: life }),
    );
    await ask();
    now = start + until * 1000;
    expect(await ask()).toEqual({ kind: 'token', accessToken: 't1' });
    now = start + from * 1000;
    expect(await ask()).toEqual({ kind: 'token', accessToken: 't2' });
    expect(endpoint.forms).toHaveLength(2);
  });

  it('and uses it to its end where it cannot be renewed', async () => {
    endpoint.answer(token('t1'), json(503, {}));
    const start = now;
    await ask();
    now = start + 3_400_000;
    expect(await ask()).toEqual({ kind: 'token', accessToken: 't1' });
    now = start + 3_590_000;
    expect(await ask()).toMatchObject({ kind: 'failed', reason: 'TokenRequestFailed' });
  });

  it('for one request only: another secret is another token', async () => {
    endpoint.answer(token('t1'), token('t2'));
    await ask();
    const rotated = {
      ...clientCredentials(),
      grant: { kind: 'ClientCredentials', clientId: 'app-1', clientSecret: 'new' } as const,
    };
    expect(await ask(rotated)).toEqual({ kind: 'token', accessToken: 't2' });
  });

  it('for all that ask at the same time', async () => {
    endpoint.answer((response) => setImmediate(() => token('t1')(response, new URLSearchParams())));
    const results = await Promise.all(Array.from({ length: 20 }, () => ask()));
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1);
    expect(endpoint.forms).toHaveLength(1);
  });
});

describe('leaves', () => {
  it('one that waits without disturbing the others', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      endpoint.answer((response, form) => {
        release = () => token('t1')(response, form);
        resolve();
      });
    });
    const leaving = new AbortController();
    const first = ask(clientCredentials(), leaving.signal);
    const second = ask();
    await held;
    leaving.abort();
    expect(await first).toMatchObject({ kind: 'failed', what: 'The token request was cancelled.' });
    release();
    expect(await second).toEqual({ kind: 'token', accessToken: 't1' });
  });

  it('the endpoint when nobody waits any more, and asks anew later', async () => {
    const closed = new Promise<void>((resolve) => {
      endpoint.answer((response) => response.once('close', resolve), token('t2'));
    });
    const leaving = new AbortController();
    const only = ask(clientCredentials(), leaving.signal);
    await expect.poll(() => endpoint.forms.length, { timeout: 10_000 }).toBe(1);
    leaving.abort();
    expect(await only).toMatchObject({ kind: 'failed' });
    await closed;
    expect(await ask()).toEqual({ kind: 'token', accessToken: 't2' });
  });
});

describe('remembers a failure', () => {
  it('for five seconds, then for twice as long each time', async () => {
    endpoint.answer(json(503, {}));
    await ask();
    const asked: number[] = [];
    const start = now;
    for (let second = 1; second <= 40; second += 1) {
      now = start + second * 1000;
      const before = endpoint.forms.length;
      await ask();
      if (endpoint.forms.length > before) asked.push(second);
    }
    expect(asked).toEqual([5, 15, 35]);
  });

  it('and forgets it after a success', async () => {
    endpoint.answer(json(503, {}), token('t1', 10), json(503, {}), token('t2'));
    await ask();
    now += 5_000;
    expect(await ask()).toMatchObject({ accessToken: 't1' });
    now += 20_000;
    expect(await ask()).toMatchObject({ kind: 'failed' });
    now += 5_000;
    expect(await ask()).toMatchObject({ accessToken: 't2' });
  });
});

describe('says why there is no token', () => {
  it.each([
    {
      name: 'Microsoft: a wrong secret, without the identifiers that change',
      answer: json(401, {
        error: 'invalid_client',
        error_description: `AADSTS7000215: Invalid client secret provided. Trace ID: 1 Correlation ID: 2 Timestamp: 2026-11-24 10:00:00Z`,
      }),
      reason: 'TokenRejected',
      what: /answered invalid_client: AADSTS7000215: Invalid client secret provided\.$/,
      remedy: /Value of a client secret .*\(not its Secret ID\) into Secret "oauth"\./,
    },
    {
      name: 'Microsoft: an expired secret',
      answer: json(401, {
        error: 'invalid_client',
        error_description: 'AADSTS7000222: The provided client secret keys for app are expired.',
      }),
      reason: 'TokenRejected',
      what: /AADSTS7000222/,
      remedy: /has expired: create a new one/,
    },
    {
      name: 'Microsoft: an unknown application',
      answer: json(400, {
        error: 'unauthorized_client',
        error_description: "AADSTS700016: Application with identifier 'app-1' was not found.",
      }),
      reason: 'TokenRejected',
      what: /AADSTS700016/,
      remedy: /correct spec\.auth\.oauth2\.clientId/,
    },
    {
      name: 'Microsoft: an unknown tenant',
      answer: json(400, { error: 'invalid_request', error_description: "AADSTS90002: Tenant 'x' not found." }),
      reason: 'TokenRejected',
      what: /AADSTS90002/,
      remedy: /correct the tenant in spec\.auth\.oauth2\.tokenUrl/,
    },
    {
      name: 'any provider: an error of RFC 6749',
      answer: json(400, { error: 'invalid_scope' }),
      reason: 'TokenRejected',
      what: /answered invalid_scope\.$/,
      remedy: /spec\.auth\.oauth2\.scopes/,
    },
    {
      name: 'an endpoint that has trouble of its own',
      answer: json(400, { error: 'temporarily_unavailable' }),
      reason: 'TokenRequestFailed',
      what: /temporarily_unavailable/,
      remedy: undefined,
    },
    {
      name: 'a path where nothing is',
      answer: json(404, {}),
      reason: 'TokenRequestFailed',
      what: /HTTP status 404/,
      remedy: /nothing at this path/,
    },
    {
      name: 'a redirect, which is not followed',
      answer: (response) => response.writeHead(302, { location: 'https://elsewhere.example/token?x=1' }).end(),
      reason: 'TokenRequestFailed',
      what: /redirects to elsewhere\.example \(HTTP status 302\); redirects are not followed/,
      remedy: /tokenUrl/,
    },
    {
      name: 'a web page',
      answer: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>'),
      reason: 'TokenRequestFailed',
      what: /no JSON object/,
      remedy: /web page/,
    },
    {
      name: 'an answer without a token',
      answer: json(200, { id_token: 'x' }),
      reason: 'TokenRequestFailed',
      what: /without an access token/,
      remedy: undefined,
    },
    {
      name: 'a token that is not printable',
      answer: json(200, { access_token: 'a\u0001b' }),
      reason: 'TokenRequestFailed',
      what: /without an access token/,
      remedy: undefined,
    },
    {
      name: 'a token of another type',
      answer: json(200, { access_token: 'x', token_type: 'mac' }),
      reason: 'TokenRequestFailed',
      what: /token of type mac/,
      remedy: undefined,
    },
    {
      name: 'an endless answer',
      answer: (response) => {
        const more = () => {
          while (!response.destroyed && response.write('x'.repeat(16_384)));
        };
        response.on('drain', more);
        more();
      },
      reason: 'TokenRequestFailed',
      what: /more than 64 KiB/,
      remedy: /tokenUrl/,
    },
    {
      name: 'a connection that breaks off',
      answer: (response) => response.destroy(),
      reason: 'TokenRequestFailed',
      what: /closed the connection without an answer/,
      remedy: /HTTPS_PROXY/,
    },
  ] satisfies readonly {
    name: string;
    answer: Parameters<Endpoint['answer']>[0];
    reason: string;
    what: RegExp;
    remedy: RegExp | undefined;
  }[])('$name', async ({ answer, reason, what, remedy }) => {
    endpoint.answer(answer);
    const result = await ask();
    expect(result).toMatchObject({ kind: 'failed', reason, what: expect.stringMatching(what) });
    if (remedy) expect(result).toMatchObject({ remedy: expect.stringMatching(remedy) });
    else expect(result).toMatchObject({ remedy: undefined });
  });

  it.each([
    ['as it is', secret],
    ['in a form', encodeURIComponent(secret)],
    ['in base64', Buffer.from(secret).toString('base64')],
  ])('without the secret that the endpoint echoes %s', async (_how, echoed) => {
    endpoint.answer(json(400, { error: 'invalid_client', error_description: `bad secret ${echoed} given` }));
    const result = await ask();
    expect(JSON.stringify(result)).toContain('bad secret <redacted> given');
    expect(JSON.stringify(result)).not.toContain(echoed);
  });

  it('in few words, however many the endpoint has', async () => {
    endpoint.answer(json(400, { error: 'invalid_client', error_description: 'x'.repeat(50_000) }));
    expect(JSON.stringify(await ask()).length).toBeLessThan(800);
  });

  it('a server that does not answer in time', async () => {
    source = createTokenSource({ extraCa: [endpoint.ca], timeout: 300 });
    endpoint.answer(() => {});
    expect(await ask()).toMatchObject({
      reason: 'TokenRequestFailed',
      what: expect.stringMatching(/did not answer in time/),
    });
  });

  it('a certificate of an unknown authority', async () => {
    source = createTokenSource({});
    expect(await ask()).toMatchObject({
      reason: 'TokenRequestFailed',
      what: expect.stringMatching(/certificate that is not accepted/),
    });
    expect(endpoint.forms).toHaveLength(0);
  });

  it('a port where nothing listens', async () => {
    const { port } = endpoint;
    await endpoint.close();
    endpoint = await startEndpoint();
    const request = clientCredentials(`https://127.0.0.1:${port}/token`);
    expect(await ask(request)).toMatchObject({
      reason: 'TokenRequestFailed',
      what: expect.stringMatching(/refused the connection/),
    });
  });

  it('a server that does not speak TLS', async () => {
    const server: Server = createServer((socket) => socket.end('220 mail.example.com ESMTP\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const result = await ask(clientCredentials(`https://127.0.0.1:${port}/token`));
    server.close();
    expect(result).toMatchObject({
      reason: 'TokenRequestFailed',
      what: expect.stringMatching(/did not complete the TLS handshake/),
    });
  });
});

describe('forgets a token that a server refused', () => {
  it('and fetches a new one for who asks next', async () => {
    endpoint.answer(token('t1'), token('t2'));
    await ask();
    source.forget(clientCredentials(), 't1');
    expect(await ask()).toEqual({ kind: 'token', accessToken: 't2' });
  });

  it('but not a newer one, nor that of another request', async () => {
    endpoint.answer(token('t1'), token('t2'));
    await ask();
    source.forget(clientCredentials(), 't0');
    source.forget({ ...clientCredentials(), scopes: ['other'] }, 't1');
    expect(await ask()).toEqual({ kind: 'token', accessToken: 't1' });
  });

  it('and keeps the refresh token that came with it', async () => {
    endpoint.answer(json(200, { access_token: 't1', refresh_token: 'second-refresh' }), token('t2'));
    await ask(refresh());
    source.forget(refresh(), 't1');
    await ask(refresh());
    expect(endpoint.forms.at(-1)?.get('refresh_token')).toBe('second-refresh');
  });

  it('also where a new one cannot be had', async () => {
    endpoint.answer(token('t1'), json(503, {}));
    await ask();
    source.forget(clientCredentials(), 't1');
    expect(await ask()).toMatchObject({ kind: 'failed', reason: 'TokenRequestFailed' });
  });
});

describe('does not ask', () => {
  it.each([
    ['http://127.0.0.1/token', /no https URL/],
    ['https://user:pass@127.0.0.1/token', /no https URL/],
    ['not a url', /no https URL/],
  ])('%s', async (tokenUrl, what) => {
    expect(await ask(clientCredentials(tokenUrl))).toMatchObject({
      reason: 'TokenRequestFailed',
      what: expect.stringMatching(what),
    });
  });

  it.each([
    [['login.example.com'], false],
    [['*.0.0.1'], true],
    [['127.0.0.1'], true],
    [[], true],
    [undefined, true],
  ])('a host that is not among %j, where any are named', async (allowedHosts, allowed) => {
    source = createTokenSource({ extraCa: [endpoint.ca], ...(allowedHosts && { allowedHosts }) });
    endpoint.answer(token('t1'));
    expect((await ask()).kind).toBe(allowed ? 'token' : 'failed');
    expect(endpoint.forms).toHaveLength(allowed ? 1 : 0);
  });

  it('an address that is denied, by its number or by a name for it', async () => {
    source = createTokenSource({ extraCa: [endpoint.ca], addressRule: { deniedCidrs: ['127.0.0.0/8', '::1/128'] } });
    for (const url of [endpoint.url, endpoint.url.replace('127.0.0.1', 'localhost')]) {
      expect(await ask(clientCredentials(url))).toMatchObject({ what: expect.stringMatching(/may not connect to/) });
    }
    expect(endpoint.requests).toHaveLength(0);
  });
});
