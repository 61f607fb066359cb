// Delivery through servers that fail at random, die and come back: every message arrives, and none twice but those that
// were counted as unknown.
import { simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../../src/store/clock.ts';
import { makeCertificates, served } from '../../smtp/certificates.ts';
import { startHostileServer } from '../../smtp/hostile-server.ts';
import { mailScript } from '../../smtp/mail-script.ts';
import { makeMessage, makeRelay, startDelivering, until } from './delivering.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** Minutes pass in a quarter of a second each. */
function fastClock() {
  const began = Date.now();
  const factor = 240;
  return {
    now: () => began + (Date.now() - began) * factor,
    monotonic: () => performance.now(),
    sleep: (milliseconds: number, signal: AbortSignal) => systemClock.sleep(milliseconds / factor, signal),
  };
}

function delivering(port: number) {
  const clock = fastClock();
  const all = startDelivering([makeRelay({ target: { port } })], { clock, leaseFor: 100 * 3_600_000 });
  stops.push(() => all.deliverer.stop(5_000));
  const accept = async (count: number) => {
    const deliverBy = clock.now() + 1_000 * 3_600_000;
    const messages = Array.from({ length: count }, () => makeMessage({ deliverBy }));
    for (const message of messages) await all.outbox.accept(message);
    return messages;
  };
  return { ...all, accept };
}

/** Its random numbers, by seed, so that a failure can be looked at again. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

describe('a server that answers at random', () => {
  const troubles = ['421 4.3.0 going down', '450 4.2.0 busy', '452 4.3.1 no space', '550 5.1.1 who?', '552 5.2.2 full'];

  test.each([1, 2, 3])(
    'with 421, 450, 452, 550 and 552 gets each message once or refuses it (seed %i)',
    async (seed) => {
      const random = randomFrom(seed);
      const got = new Map<string, number>();
      const sometimes = (fine: string) => () => {
        const trouble = random() < 0.1 ? troubles[Math.floor(random() * troubles.length)] : undefined;
        return `${trouble ?? fine}\r\n`;
      };
      let dotReply = '';
      const server = await startHostileServer(
        mailScript({
          capabilities: seed === 2 ? [] : ['PIPELINING'],
          on: {
            MAIL: sometimes('250 ok'),
            RCPT: sometimes('250 ok'),
            DATA: sometimes('354 go on'),
            '.': () => dotReply,
          },
          onMessage(message) {
            // RFC 2920 section 3.1: what comes to a DATA that should not have been agreed to.
            dotReply = message === '' ? '554 5.5.1 no valid recipients\r\n' : sometimes('250 taken')();
            if (dotReply.startsWith('250')) got.set(message, (got.get(message) ?? 0) + 1);
          },
        }),
      );
      stops.push(server.stop);
      const { accept, finished, settled } = delivering(server.port);
      await accept(200);
      const final = await finished(200);
      const accepted = final.filter(({ settlement }) => settlement.kind === 'accepted');
      const dead = final.filter(({ settlement }) => settlement.kind === 'dead');
      expect(accepted.length + dead.length).toBe(200);
      expect(accepted.length).toBeGreaterThan(100);
      expect(got.size).toBe(accepted.length);
      expect([...got.values()].every((times) => times === 1)).toBe(true);
      // 5xx only is final.
      expect(
        dead.every(({ settlement }) => settlement.kind === 'dead' && settlement.attempt?.reply.startsWith('55')),
      ).toBe(true);
      expect(settled.some(({ unknown }) => unknown)).toBe(false);
    },
  );
});

test('a server that is killed again and again gets every message, twice only those that were unknown', async () => {
  const random = randomFrom(7);
  const got = new Map<string, number>();
  const sockets = new Set<{ resetAndDestroy(): unknown }>();
  const script = mailScript({
    capabilities: ['PIPELINING'],
    onMessage: (message) => got.set(message, (got.get(message) ?? 0) + 1),
  });
  const first = await startHostileServer(trackingSockets);
  const { port } = first;
  const { accept, finished, settled } = delivering(port);
  await accept(300);
  let server = first;
  for (let kills = 0; kills < 8; kills += 1) {
    const before = got.size;
    await until(
      () => got.size > before + 5 || got.size === 300,
      () => `more than ${before} messages`,
    );
    if (random() < 0.5) for (const socket of sockets) socket.resetAndDestroy();
    await server.stop();
    server = await restarted();
  }
  stops.push(() => server.stop());
  const final = await finished(300);
  expect(final.every(({ settlement }) => settlement.kind === 'accepted')).toBe(true);
  expect(got.size).toBe(300);
  const doubled = [...got.values()].reduce((sum, times) => sum + times - 1, 0);
  expect(doubled).toBeLessThanOrEqual(settled.filter(({ unknown }) => unknown).length);

  function trackingSockets(...[peer, connection]: Parameters<typeof script>): unknown {
    sockets.add(peer.socket);
    void peer.closed.then(() => sockets.delete(peer.socket));
    return script(peer, connection);
  }

  /** On the very same port, which nobody else takes meanwhile but with bad luck: then it waits. */
  async function restarted(): ReturnType<typeof startHostileServer> {
    return await startHostileServer(trackingSockets, '127.0.0.1', port);
  }
});

test('a slow server gets all, and a stop waits for what it has begun', async () => {
  const messages: string[] = [];
  const server = await startHostileServer(async (peer, connection) => {
    // Each write leaves a byte at a time.
    const slowly = { ...peer, send: (text: string | Buffer) => void drip(String(text), peer.send) };
    await mailScript({ onMessage: (message) => messages.push(message) })(slowly, connection);
  });
  stops.push(server.stop);
  const all = startDelivering([makeRelay({ target: { port: server.port } })]);
  for (let i = 0; i < 10; i += 1) await all.outbox.accept(makeMessage());
  await until(
    () => messages.length > 0,
    () => 'a first message',
  );
  await all.deliverer.stop(20_000);
  const accepted = all.settled.filter(({ settlement }) => settlement.kind === 'accepted').length;
  expect(accepted).toBe(messages.length);
  expect(all.settled.some(({ unknown }) => unknown)).toBe(false);
});

async function drip(text: string, send: (text: string) => void): Promise<void> {
  for (const character of text) {
    send(character);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the npm smtp-server', () => {
  test('gets messages over STARTTLS with a login, whole and once', async () => {
    const { ca, good } = await makeCertificates();
    const received: { from: string; to: readonly string[]; raw: Buffer }[] = [];
    const server = new SMTPServer({
      ...served(good),
      hideDSN: false,
      onAuth: ({ username, password }, _session, done) =>
        username === 'user@example.com' && password === 'sesame-9f3b'
          ? done(null, { user: username })
          : done(new Error('no')),
      onData(stream, { envelope }, done) {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address;
          received.push({ from, to: envelope.rcptTo.map(({ address }) => address), raw: Buffer.concat(chunks) });
          done();
        });
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    stops.push(() => new Promise((resolve) => server.close(() => resolve())));
    const address = server.server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const tls = { mode: 'StartTls', trustedCertificates: [ca.certificatePem] } as const;
    const all = startDelivering([makeRelay({ target: { port, tls, auth: {} }, login: 'mail login 1' })]);
    stops.push(() => all.deliverer.stop(1_000));
    for (let i = 0; i < 50; i += 1) await all.outbox.accept(makeMessage({ confidential: true }));
    const final = await all.finished(50);
    expect(final.map(({ settlement }) => settlement.kind)).toEqual(Array(50).fill('accepted'));
    expect(new Set(received.flatMap(({ to }) => to)).size).toBe(50);
    for (const { from, to, raw } of received) {
      expect(from).toBe('bounces@example.com');
      const parsed = await simpleParser(raw);
      expect([parsed.to].flat()[0]?.text).toBe(to[0]);
    }
  });
});

describe('SMTPUTF8', () => {
  test.each([
    {
      name: 'is asked for where an address needs it and the server offers it',
      offer: ['SMTPUTF8', '8BITMIME'],
      outcome: 'accepted',
    },
    {
      name: 'that is needed and not offered makes a dead letter, with nothing sent',
      offer: ['8BITMIME'],
      outcome: 'dead',
    },
  ])('$name', async ({ offer, outcome }) => {
    const server = await startHostileServer(mailScript({ capabilities: offer }));
    stops.push(server.stop);
    const all = startDelivering([makeRelay({ target: { port: server.port } })]);
    stops.push(() => all.deliverer.stop(1_000));
    const to = 'dörte@bücher.example';
    await all.outbox.accept(makeMessage({ envelope: { from: 'a@example.com', to } }));
    const [one] = await all.finished(1);
    expect(one?.settlement.kind).toBe(outcome);
    const said = Buffer.from(server.received[0] ?? '', 'latin1').toString('utf8');
    if (outcome === 'dead') expect(said).not.toContain('MAIL');
    else expect(said).toMatch(/MAIL FROM:<a@example\.com>.* SMTPUTF8\r\nRCPT TO:<dörte@xn--bcher-kva\.example>/);
  });
});
