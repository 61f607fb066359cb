// One transaction after the other on a session, against servers that do exactly what the case says.
import { afterEach, describe, expect, test } from 'vitest';
import { type HostileServer, type Script, startHostileServer } from '../hostile-server.ts';
import { type MailScript, mailScript } from '../mail-script.ts';
import { mail, open } from './sending.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function serve(script: Script): Promise<HostileServer> {
  const server = await startHostileServer(script);
  stops.push(server.stop);
  return server;
}

const both = [
  { how: 'with PIPELINING', capabilities: ['PIPELINING'] },
  { how: 'without PIPELINING', capabilities: [] },
];

describe.each(both)('a message $how', ({ capabilities }) => {
  async function send(script: MailScript, recipients = ['recipient@example.com']) {
    const server = await serve(mailScript({ capabilities, ...script }));
    const session = await open({ port: server.port });
    stops.push(session.close);
    return { result: await session.send(mail({ recipients })), session, server };
  }

  test('that is accepted tells the reply', async () => {
    const messages: string[] = [];
    const { result, server } = await send({ onMessage: (message) => messages.push(message) });
    expect(result).toEqual({
      recipients: [
        {
          to: 'recipient@example.com',
          outcome: 'accepted',
          reply: { code: 250, enhancedCode: '2.0.0', lines: ['queued as 4B2A'] },
        },
      ],
      untouched: false,
    });
    expect(messages).toEqual(['Subject: hello\r\n\r\nIt is me.']);
    expect(server.received[0]).toContain(
      'MAIL FROM:<sender@example.com>\r\nRCPT TO:<recipient@example.com>\r\nDATA\r\nSubject',
    );
  });

  test.each<{ name: string; on: NonNullable<MailScript['on']>; outcome: string; reason: string; ended?: boolean }>([
    { name: 'MAIL is put off', on: { MAIL: '451 4.3.0 later\r\n' }, outcome: 'deferred', reason: 'ServiceUnavailable' },
    { name: 'MAIL is refused', on: { MAIL: '550 5.1.8 no\r\n' }, outcome: 'refused', reason: 'SenderRejected' },
    { name: 'RCPT is put off', on: { RCPT: '450 4.2.0 greylisted\r\n' }, outcome: 'deferred', reason: 'Greylisted' },
    { name: 'RCPT is refused', on: { RCPT: '550 5.1.1 who?\r\n' }, outcome: 'refused', reason: 'RecipientRejected' },
    { name: 'DATA is put off', on: { DATA: '451 4.3.0 later\r\n' }, outcome: 'deferred', reason: 'ServiceUnavailable' },
    { name: 'DATA is refused', on: { DATA: '554 5.7.1 no\r\n' }, outcome: 'refused', reason: 'ContentRejected' },
    {
      name: 'the message is put off',
      on: { '.': '452 4.3.1 disk full\r\n' },
      outcome: 'deferred',
      reason: 'ServiceUnavailable',
    },
    {
      name: 'the message is refused',
      on: { '.': '552 5.3.4 too big\r\n' },
      outcome: 'refused',
      reason: 'MessageTooLarge',
    },
    {
      name: '421 comes to RCPT',
      on: { RCPT: '421 4.3.0 going down\r\n' },
      outcome: 'deferred',
      reason: 'ServiceUnavailable',
      ended: true,
    },
    {
      name: '421 comes to the message',
      on: { '.': '421 4.3.0 going down\r\n' },
      outcome: 'deferred',
      reason: 'ServiceUnavailable',
      ended: true,
    },
    {
      name: 'MAIL is answered by what is no answer',
      on: { MAIL: '354 go on\r\n' },
      outcome: 'deferred',
      reason: 'ProtocolError',
      ended: true,
    },
  ])('where $name is $outcome', async ({ on, outcome, reason, ended = false }) => {
    const { result, session } = await send({ on });
    expect(result.recipients).toMatchObject([{ outcome, failure: { reason } }]);
    expect(result.untouched).toBe(false);
    expect(session.ended).toBe(ended);
  });

  test('after a refused one the next goes through, on the same connection', async () => {
    let first = true;
    const rcpt = () => {
      const reply = first ? '550 5.1.1 who?\r\n' : '250 2.1.5 fine\r\n';
      first = false;
      return reply;
    };
    const { session, server } = await send({ on: { RCPT: rcpt } });
    expect(await session.send(mail())).toMatchObject({ recipients: [{ outcome: 'accepted' }] });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]?.match(/MAIL|RSET/g)).toEqual(
      capabilities.length ? ['MAIL', 'MAIL'] : ['MAIL', 'RSET', 'MAIL'],
    );
  });

  test('has a result for each recipient', async () => {
    const replies: Record<string, string> = {
      'a@': '250 ok\r\n',
      'b@': '550 5.1.1 no\r\n',
      'c@': '450 4.2.0 greylisted\r\n',
      'd@': '251 forwarded\r\n',
    };
    const rcpt = (line: string) =>
      Object.entries(replies).find(([start]) => line.includes(`<${start}`))?.[1] ?? '500 what?\r\n';
    const { result } = await send({ on: { RCPT: rcpt } }, [
      'b@example.com',
      'a@example.com',
      'c@example.com',
      'not an address',
      'd@example.com',
    ]);
    expect(result.recipients.map(({ to, outcome }) => `${to} ${outcome}`)).toEqual([
      'b@example.com refused',
      'a@example.com accepted',
      'c@example.com deferred',
      'not an address refused',
      'd@example.com accepted',
    ]);
  });

  test('is untouched where 421 answers MAIL', async () => {
    const { result, session } = await send({ on: { MAIL: '421 4.3.2 going down\r\n' } });
    expect(result).toMatchObject({ untouched: true, recipients: [{ outcome: 'deferred' }] });
    expect(session.ended).toBe(true);
    expect(await session.send(mail())).toMatchObject({ untouched: true, recipients: [{ outcome: 'deferred' }] });
  });

  test.each([
    { where: 'at MAIL', at: 'MAIL', outcome: 'deferred', untouched: true },
    { where: 'at RCPT', at: 'RCPT', outcome: 'deferred', untouched: false },
    { where: 'at DATA', at: 'DATA', outcome: 'deferred', untouched: false },
    { where: 'after the final dot', at: '.', outcome: 'unknown', untouched: false },
  ])('lost $where is $outcome', async ({ at, outcome, untouched }) => {
    const server = await serve(hangingUpAt(at, capabilities));
    const session = await open({ port: server.port });
    stops.push(session.close);
    const result = await session.send(mail());
    expect(result).toMatchObject({ untouched, recipients: [{ outcome, failure: { reason: 'ConnectionClosed' } }] });
    expect(session.ended).toBe(true);
  });

  test.each([
    { where: 'RCPT', at: 'RCPT', outcome: 'deferred', seconds: 0.2 },
    { where: 'the final dot', at: '.', outcome: 'unknown', seconds: 0.3 },
  ])('without an answer to $where is $outcome once its time is over', async ({ at, outcome, seconds }) => {
    const server = await serve(silentAt(at, capabilities));
    const session = await open({ port: server.port, deliveryTimeouts: { command: 200, dataEnd: 300 } });
    stops.push(session.close);
    const result = await session.send(mail());
    expect(result.recipients).toMatchObject([
      { outcome, failure: { reason: 'ReplyTimedOut', what: expect.stringContaining(`within ${seconds} s`) } },
    ]);
  });

  test('is not sent any more when the server asks for it too late', async () => {
    let now = 0;
    const data = () => {
      now = 10_000;
      return '354 go on\r\n';
    };
    const server = await serve(mailScript({ capabilities, on: { DATA: data } }));
    const session = await open({ port: server.port }, { now: () => now });
    stops.push(session.close);
    const result = await session.send(mail(), { dataBy: 9_000 });
    expect(result.recipients).toMatchObject([{ outcome: 'deferred', failure: { reason: 'ReplyTimedOut' } }]);
    expect(server.received[0]).not.toContain('Subject');
  });

  test('that no recipient may have is not sent', async () => {
    const { server, session } = await send({ on: { RCPT: '550 no\r\n' } });
    await session.close();
    expect(server.received[0]).not.toContain('Subject');
    expect(server.received[0]).toMatch(/QUIT\r\n$/);
  });
});

test('a server that asks for a message though it took no recipient gets an empty one', async () => {
  const server = await serve(
    mailScript({ capabilities: ['PIPELINING'], on: { RCPT: '550 no\r\n', '.': '554 no recipients\r\n' } }),
  );
  const session = await open({ port: server.port });
  expect(await session.send(mail())).toMatchObject({
    recipients: [{ outcome: 'refused', failure: { reply: { code: 550 } } }],
  });
  await session.close();
  expect(server.received[0]).toMatch(/DATA\r\n\.\r\nQUIT\r\n$/);
});

test('a server that echoes the password is not repeated', async () => {
  const server = await serve(mailScript({ capabilities: ['AUTH PLAIN'], on: { '.': '250 ok sesame-9f3b\r\n' } }));
  const session = await open({ port: server.port, auth: { allowUnencrypted: true } });
  const result = await session.send(mail());
  await session.close();
  expect(result.recipients).toMatchObject([{ outcome: 'accepted', reply: { lines: ['ok <redacted>'] } }]);
});

describe('a session that is told to stop', () => {
  test('ends the message under way, and takes no other', async () => {
    const stop = new AbortController();
    const data = () => {
      stop.abort();
      return '354 go on\r\n';
    };
    const server = await serve(mailScript({ on: { DATA: data } }));
    const session = await open({ port: server.port }, { signal: stop.signal });
    expect(await session.send(mail())).toMatchObject({ recipients: [{ outcome: 'accepted' }] });
    expect(await session.send(mail())).toMatchObject({ untouched: true, recipients: [{ outcome: 'deferred' }] });
    await session.close();
  });

  test('waits for the message under way no longer than its grace', async () => {
    const cut = new AbortController();
    const server = await serve(silentAt('.', [], () => cut.abort('had not answered when the grace period ended')));
    const session = await open({ port: server.port }, { cut: cut.signal });
    const result = await session.send(mail());
    expect(result.recipients).toMatchObject([
      { outcome: 'unknown', failure: { what: expect.stringContaining('when the grace period ended') } },
    ]);
    await session.close();
  });
});

function hangingUpAt(at: string, capabilities: readonly string[]): Script {
  return atStep(at, capabilities, (end) => end());
}

function silentAt(at: string, capabilities: readonly string[], then: () => void = () => undefined): Script {
  return atStep(at, capabilities, then);
}

/** Behaves up to this command, and then does something else than answer it. */
function atStep(at: string, capabilities: readonly string[], then: (end: () => void) => void): Script {
  return async (peer) => {
    peer.send('220 mx.example.com ESMTP\r\n');
    for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
      const verb = line.split(' ')[0] ?? '';
      if (verb === at) return then(peer.end);
      if (verb === 'EHLO')
        peer.send(['250-mx', ...capabilities.map((one) => `250-${one}`), '250 HELP', ''].join('\r\n'));
      else if (verb === 'DATA') peer.send('354 go on\r\n');
      else if (['MAIL', 'RCPT'].includes(verb)) peer.send('250 fine\r\n');
    }
  };
}
