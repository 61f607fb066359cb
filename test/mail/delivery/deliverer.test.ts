// Delivery as a whole, against servers that do exactly what the case says.
import { afterEach, describe, expect, test } from 'vitest';
import type { Key } from '../../../src/api/resource.ts';
import { systemClock } from '../../../src/store/clock.ts';
import { makeCertificates, served } from '../../smtp/certificates.ts';
import { type HostileServer, type Script, startHostileServer } from '../../smtp/hostile-server.ts';
import { type MailScript, mailScript } from '../../smtp/mail-script.ts';
import { type Delivering, makeMessage, makeRelay, startDelivering, until } from './delivering.ts';
import { createMemoryOutbox } from './memory-outbox.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

async function serve(script: Script): Promise<HostileServer> {
  const server = await startHostileServer(script);
  stops.push(server.stop);
  return server;
}

async function mailServer(options: MailScript = {}): Promise<HostileServer & { readonly messages: string[] }> {
  const messages: string[] = [];
  const server = await serve(mailScript({ onMessage: (message) => messages.push(message), ...options }));
  return { ...server, messages };
}

function start(...options: Parameters<typeof startDelivering>): Delivering {
  const delivering = startDelivering(...options);
  stops.push(() => delivering.deliverer.stop(1_000));
  return delivering;
}

describe('messages', () => {
  test('go out once each, over few connections', async () => {
    const server = await mailServer();
    const { outbox, finished } = start([makeRelay({ target: { port: server.port } })]);
    for (let i = 0; i < 100; i += 1) await outbox.accept(makeMessage());
    const settled = await finished(100);
    expect(settled.every(({ settlement }) => settlement.kind === 'accepted')).toBe(true);
    expect(settled[0]).toMatchObject({
      relay: { name: 'corporate' },
      settlement: { attempt: { reply: '250 2.0.0 queued as 4B2A' } },
    });
    expect(new Set(server.messages).size).toBe(100);
    expect(server.received.length).toBeLessThanOrEqual(5);
  });

  test.each([
    {
      name: 'refused for good is dead, with the reason',
      on: { RCPT: '550 5.1.1 who?\r\n' },
      expected: {
        settlement: { kind: 'dead', reason: 'RecipientRejected', attempt: { reply: '550 5.1.1 who?' } },
        reason: 'RecipientRejected',
      },
    },
    {
      name: 'put off comes back in a minute',
      on: { '.': '452 4.3.1 disk full\r\n' },
      expected: {
        settlement: { kind: 'retry', attempt: { reply: '452 4.3.1 disk full' } },
        reason: 'ServiceUnavailable',
      },
    },
  ])('$name', async ({ on, expected }) => {
    const server = await mailServer({ on });
    const { outbox, settled } = start([makeRelay({ target: { port: server.port } })]);
    const before = Date.now();
    await outbox.accept(makeMessage());
    await until(
      () => settled.length === 1,
      () => 'a settlement',
    );
    expect(settled).toMatchObject([expected]);
    const [entry] = await outbox.list();
    if (entry?.state === 'Waiting') expect(entry.notBefore - before).toBeGreaterThan(59_000);
  });
});

describe('a fallback', () => {
  const relays = (first: number, second: number) => [
    makeRelay({ name: 'corporate', target: { port: first } }),
    makeRelay({ name: 'backup', target: { port: second } }),
  ];

  test.each<{ name: string; script: Script }>([
    { name: 'hangs up at once', script: (peer) => peer.end() },
    { name: 'greets with 554', script: mailScript({ greeting: '554 5.3.2 no service\r\n' }) },
    { name: 'refuses EHLO', script: mailScript({ on: { EHLO: '550 no\r\n', HELO: '550 no\r\n' } }) },
    { name: 'answers MAIL with 421', script: mailScript({ on: { MAIL: '421 4.3.0 going down\r\n' } }) },
  ])('takes over where the relay before $name', async ({ script }) => {
    const [broken, backup] = [await serve(script), await mailServer()];
    const { outbox, finished } = start(relays(broken.port, backup.port));
    await outbox.accept(makeMessage());
    expect(await finished(1)).toMatchObject([{ settlement: { kind: 'accepted' }, relay: { name: 'backup' } }]);
    expect(backup.messages).toHaveLength(1);
  });

  test.each([
    { name: 'MAIL by 451', on: { MAIL: '451 4.3.0 later\r\n' }, kind: 'retry' },
    { name: 'MAIL by 550', on: { MAIL: '550 5.1.8 no\r\n' }, kind: 'dead' },
    { name: 'RCPT by 450', on: { RCPT: '450 4.2.0 greylisted\r\n' }, kind: 'retry' },
    { name: 'RCPT by 421', on: { RCPT: '421 4.3.0 going down\r\n' }, kind: 'retry' },
    { name: 'DATA by 451', on: { DATA: '451 4.3.0 later\r\n' }, kind: 'retry' },
    { name: 'the message by 554', on: { '.': '554 5.7.1 no\r\n' }, kind: 'dead' },
  ])('does not where the relay before has answered $name', async ({ on, kind }) => {
    const [first, backup] = [await mailServer({ on }), await mailServer()];
    const { outbox, settled } = start(relays(first.port, backup.port));
    await outbox.accept(makeMessage());
    await until(
      () => settled.length === 1,
      () => 'a settlement',
    );
    expect(settled).toMatchObject([{ settlement: { kind }, relay: { name: 'corporate' } }]);
    expect(backup.received).toEqual([]);
  });

  test('takes over where the first relay may not be used, and where none may the first says why', async () => {
    const backup = await mailServer();
    const usable = makeRelay({ name: 'backup', target: { port: backup.port } });
    let backupUsable = true;
    const { outbox, settled } = start([], {
      directory: {
        relaysFor: () => [{ namespace: 'mail', name: 'corporate' }, usable.key],
        lookUp: async ({ name }) =>
          name === 'backup' && backupUsable
            ? { kind: 'usable', relay: usable }
            : { kind: 'unusable', reason: 'SecretNotFound', message: `${name} lacks its Secret.` },
      },
    });
    await outbox.accept(makeMessage());
    await until(
      () => settled.length === 1,
      () => 'a settlement',
    );
    backupUsable = false;
    await outbox.accept(makeMessage());
    await until(
      () => settled.length === 2,
      () => 'a second settlement',
    );
    expect(settled).toMatchObject([
      { settlement: { kind: 'accepted' }, relay: { name: 'backup' } },
      { settlement: { kind: 'retry', attempt: { reply: 'corporate lacks its Secret.' } }, reason: 'SecretNotFound' },
    ]);
  });
});

describe('a connection that waited', () => {
  test('and was closed by the server meanwhile is replaced, without a failure', async () => {
    const server = await serve(async (peer, connection) => {
      void mailScript()(peer, connection);
      if (connection > 0) return;
      await until(
        () => server.received[0]?.includes('\r\n.\r\n') === true,
        () => 'a message',
      );
      setTimeout(() => peer.end(), 20);
    });
    const { outbox, settled, finished } = start([makeRelay({ target: { port: server.port } })]);
    await outbox.accept(makeMessage());
    await finished(1);
    await new Promise((resolve) => setTimeout(resolve, 60));
    await outbox.accept(makeMessage());
    await finished(2);
    expect(settled.map(({ settlement }) => settlement.kind)).toEqual(['accepted', 'accepted']);
    expect(server.received).toHaveLength(2);
  });

  test('is told that it is over after its idle time', async () => {
    const server = await mailServer();
    const { outbox, finished } = start([makeRelay({ target: { port: server.port } })], { idleTime: 30 });
    await outbox.accept(makeMessage());
    await finished(1);
    await until(
      () => server.received[0]?.endsWith('QUIT\r\n') === true,
      () => 'QUIT',
    );
  });
});

describe('a relay that is down', () => {
  test('is tried now and then, while what waits stays in the outbox; it is told once each way', async () => {
    let up = false;
    const noService = mailScript({ greeting: '554 5.3.2 no service\r\n' });
    const server = await serve((peer, connection) => (up ? mailScript() : noService)(peer, connection));
    const { outbox, settled, states, finished } = start([makeRelay({ target: { port: server.port } })], {
      // Rests end early, so that the test does not take a minute.
      clock: { ...fastClock(), monotonic: () => performance.now() },
    });
    for (let i = 0; i < 50; i += 1) await outbox.accept(makeMessage());
    await until(
      () => server.received.length >= 3,
      () => 'several tries',
    );
    const tries = settled.length;
    expect(tries).toBeLessThan(40);
    up = true;
    await finished(50);
    expect(states.map(({ state }) => state.kind)).toEqual(['down', 'up']);
  });

  test('does not hold up the mail of another', async () => {
    const server = await mailServer();
    const down = await mailServer({ greeting: '554 5.3.2 no service\r\n' });
    const relays = [
      makeRelay({ name: 'a', target: { port: down.port } }),
      makeRelay({ name: 'b', target: { port: server.port } }),
    ];
    const { outbox, settled } = start(relays, {
      directory: {
        relaysFor: ({ envelope }) => [{ namespace: 'mail', name: envelope.to.startsWith('a') ? 'a' : 'b' }],
        lookUp: async ({ name }) => {
          const relay = relays.find(({ key }) => key.name === name);
          return relay ? { kind: 'usable', relay } : { kind: 'unusable', reason: 'RelayNotFound', message: '' };
        },
      },
    });
    for (let i = 0; i < 60; i += 1) {
      const to = `${i % 2 === 0 ? 'a' : 'b'}${i}@example.com`;
      await outbox.accept(makeMessage({ envelope: { from: 'x@example.com', to } }));
    }
    await until(
      () => settled.filter(({ settlement }) => settlement.kind === 'accepted').length === 30,
      () => 'all of b',
    );
    expect(server.messages).toHaveLength(30);
  });

  test('because it takes few connections keeps those', async () => {
    const open = new Set<number>();
    const server = await serve((peer, connection) => {
      const full = open.size >= 2;
      open.add(connection);
      void peer.closed.then(() => open.delete(connection));
      return mailScript(full ? { greeting: '421 4.3.2 too many connections\r\n' } : {})(peer, connection);
    });
    const { outbox, states, settled, finished } = start([makeRelay({ target: { port: server.port } })]);
    for (let i = 0; i < 60; i += 1) await outbox.accept(makeMessage());
    await finished(60);
    // Some are given back, as fewer connections take fewer at a time; no try has failed.
    expect((await finished(60)).every(({ settlement }) => settlement.kind === 'accepted')).toBe(true);
    expect(settled.every(({ reason }) => reason === undefined)).toBe(true);
    expect(states).toEqual([]);
    expect(server.received.length).toBeLessThanOrEqual(3);
  });
});

describe('an outage', () => {
  const hours = (time: number) => time * 3_600_000;

  test('of an hour, as the probe tells, leases and writes nothing, and what waits goes out after it', async () => {
    const server = await mailServer();
    const relay = makeRelay({ target: { port: server.port } });
    const clock = { ...fastClock(), monotonic: () => performance.now() };
    let ready = false;
    let changed = () => {};
    const availability = {
      mayAsk: () => ready,
      onChange(listener: () => void) {
        changed = listener;
      },
    };
    const outbox = createMemoryOutbox(clock.now);
    const began = clock.now();
    for (let i = 0; i < 100; i += 1)
      await outbox.accept(makeMessage({ acceptedAt: began, deliverBy: began + hours(24) }));
    let leased = 0;
    const counting: typeof outbox = {
      ...outbox,
      async lease(options) {
        const leases = await outbox.lease(options);
        leased += leases.length;
        return leases;
      },
    };
    const { settled, finished } = start([relay], { outbox: counting, clock, availability });
    await until(
      () => clock.now() > began + hours(1),
      () => 'an hour',
    );
    expect([leased, settled.length]).toEqual([0, 0]);
    ready = true;
    changed();
    const all = await finished(100);
    expect(all.every(({ settlement, entry }) => settlement.kind === 'accepted' && entry.attempts === 0)).toBe(true);
  });

  test('that no probe tells of costs a few tries a minute, whatever waits, and counts none', async () => {
    const clock = { ...fastClock(), monotonic: () => performance.now() };
    const outbox = createMemoryOutbox(clock.now);
    const began = clock.now();
    for (let i = 0; i < 100; i += 1)
      await outbox.accept(makeMessage({ acceptedAt: began, deliverBy: began + hours(24) }));
    const silent = await startHostileServer((peer) => peer.end());
    await silent.stop();
    const { settled } = start([makeRelay({ target: { port: silent.port } })], { outbox, clock });
    await until(
      () => clock.now() > began + hours(0.5),
      () => 'half an hour',
    );
    // Those that were leased before anybody knew, then two at a time.
    expect(settled.length).toBeLessThan(45 + 2 * 60);
    expect((await outbox.list()).map(({ attempts }) => attempts)).toEqual(Array(100).fill(0));
  });

  test('of one policy holds up no other, and what it left is dropped once it is too late', async () => {
    const server = await mailServer();
    const availability = {
      mayAsk: (_relay: Key, { subject }: { readonly subject: string }) => subject !== 'suspended',
      onChange: () => undefined,
    };
    const { outbox, finished } = start([makeRelay({ target: { port: server.port } })], { availability });
    const suspended = { namespace: 'mail', name: 'suspended' };
    const { identity } = makeMessage();
    await outbox.accept(
      makeMessage({ subject: 'suspended', identity: { ...identity, policy: suspended }, deliverBy: Date.now() + 500 }),
    );
    for (let i = 0; i < 5; i += 1) await outbox.accept(makeMessage());
    const all = await finished(6);
    expect(all.slice(0, 5).every(({ settlement }) => settlement.kind === 'accepted')).toBe(true);
    expect(all[5]).toMatchObject({ settlement: { kind: 'dropped', reason: 'TooLate' } });
  });
});

describe('a login that is refused', () => {
  test('is tried once, whatever waits, and not again', async () => {
    const server = await mailServer({ capabilities: ['AUTH PLAIN'], on: { AUTH: '535 5.7.8 no\r\n' } });
    const relay = makeRelay({ target: { port: server.port, auth: { allowUnencrypted: true } }, login: 'mail login 1' });
    const { outbox, settled } = start([relay], { clock: { ...fastClock(), monotonic: () => performance.now() } });
    for (let i = 0; i < 20; i += 1) await outbox.accept(makeMessage());
    await until(
      () => settled.length >= 6,
      () => 'some settlements',
    );
    expect(server.received.join().match(/AUTH PLAIN/g)).toHaveLength(1);
    expect(settled.every(({ reason }) => reason === 'AuthenticationFailed')).toBe(true);
    expect(JSON.stringify(settled)).not.toContain('sesame');
  });

  test('is free again once the relay is edited', async () => {
    let right = false;
    const server = await mailServer({
      capabilities: ['AUTH PLAIN'],
      on: { AUTH: () => (right ? '235 2.7.0 welcome\r\n' : '535 5.7.8 no\r\n') },
    });
    const wish = { target: { port: server.port, auth: { allowUnencrypted: true } }, login: 'mail login 1' };
    let relay = makeRelay(wish);
    const { outbox, settled } = start(() => [relay]);
    await outbox.accept(makeMessage());
    await until(
      () => settled.length === 1,
      () => 'a refusal',
    );
    right = true;
    relay = makeRelay({ ...wish, revision: '2', login: 'mail login 2' });
    const [entry] = await outbox.list();
    await outbox.retry(entry?.id ?? '');
    await until(
      () => settled.length === 2,
      () => 'a second try',
    );
    expect(settled.map(({ settlement }) => settlement.kind)).toEqual(['retry', 'accepted']);
  });
});

describe('a message with a password', () => {
  test.each(['None', 'Opportunistic'] as const)('is held back where the relay has tls.mode %s', async (mode) => {
    const server = await mailServer();
    const { outbox, settled } = start([makeRelay({ target: { port: server.port, tls: { mode } } })]);
    await outbox.accept(makeMessage({ confidential: true }));
    await until(
      () => settled.length === 1,
      () => 'a settlement',
    );
    expect(settled).toMatchObject([
      {
        reason: 'EncryptionRequired',
        settlement: { kind: 'retry', attempt: { reply: expect.stringContaining(`has spec.tls.mode ${mode}`) } },
      },
    ]);
    expect(server.received).toEqual([]);
  });

  test('goes through the fallback that is encrypted and verified', async () => {
    const { ca, good } = await makeCertificates();
    const [plain, encrypted] = [await mailServer(), await mailServer({ tls: served(good) })];
    const tls = { mode: 'StartTls', trustedCertificates: [ca.certificatePem] } as const;
    const { outbox, finished } = start([
      makeRelay({ name: 'plain', target: { port: plain.port } }),
      makeRelay({ name: 'encrypted', target: { port: encrypted.port, tls } }),
    ]);
    await outbox.accept(makeMessage({ confidential: true }));
    expect(await finished(1)).toMatchObject([{ settlement: { kind: 'accepted' }, relay: { name: 'encrypted' } }]);
    expect(plain.received).toEqual([]);
  });
});

describe('what makes no sense any more', () => {
  test.each<{ name: string; message: Parameters<typeof makeMessage>[0]; settlement: object }>([
    {
      name: 'because it is too late is dropped',
      message: { deliverBy: Date.now() - 1 },
      settlement: { kind: 'dropped', reason: 'TooLate' },
    },
    {
      name: 'because its recipient is not allowed is dead',
      message: { envelope: { from: '', to: 'a@elsewhere.example' } },
      settlement: { kind: 'dead', reason: 'RecipientNotAllowed' },
    },
    {
      name: 'because its recipient is none is dead',
      message: { envelope: { from: '', to: 'a@example.com>\r\nRCPT TO:<b@example.com' } },
      settlement: { kind: 'dead', reason: 'RecipientInvalid' },
    },
  ])('$name', async ({ message, settlement }) => {
    const server = await mailServer();
    const { outbox, finished } = start([
      makeRelay({ target: { port: server.port }, allowedRecipientDomains: ['example.com'] }),
    ]);
    await outbox.accept(makeMessage(message));
    expect(await finished(1)).toMatchObject([{ settlement }]);
    expect(server.received.join()).not.toContain('MAIL');
  });

  test.each([
    { first: 'down', second: 'elsewhere.example', settlement: { kind: 'retry' }, reason: 'RelayNotFound' },
    { first: 'elsewhere.example', second: 'down', settlement: { kind: 'retry' }, reason: 'RelayNotFound' },
    {
      first: 'elsewhere.example',
      second: 'other.example',
      settlement: { kind: 'dead', reason: 'RecipientNotAllowed' },
      reason: 'RecipientNotAllowed',
    },
  ])('is not what one relay alone forbids: $first, $second', async ({ first, second, settlement, reason }) => {
    const { outbox, settled } = start([], {
      directory: {
        relaysFor: () => ['first', 'second'].map((name) => ({ namespace: 'mail', name })),
        async lookUp({ name }) {
          const allows = name === 'first' ? first : second;
          if (allows === 'down') return { kind: 'unusable', reason: 'RelayNotFound', message: 'gone' };
          const relay = makeRelay({ name, target: { port: 1 }, allowedRecipientDomains: [allows] });
          return { kind: 'usable', relay };
        },
      },
    });
    await outbox.accept(makeMessage());
    await until(
      () => settled.length === 1,
      () => 'a settlement',
    );
    expect(settled).toMatchObject([{ settlement, reason }]);
  });

  test('to those who look a second time is dropped with their reason', async () => {
    const server = await mailServer();
    const { outbox, finished } = start([makeRelay({ target: { port: server.port } })], {
      stillWanted: async ({ seen }) => (seen === 'old' ? { kind: 'no', reason: 'AccountGone' } : { kind: 'yes' }),
    });
    await outbox.accept(makeMessage({ seen: 'old' }));
    await outbox.accept(makeMessage({ seen: 'new' }));
    const kinds = (await finished(2)).map(({ settlement, reason }) => [settlement.kind, reason]);
    expect(kinds).toEqual(
      expect.arrayContaining([
        ['dropped', 'AccountGone'],
        ['accepted', undefined],
      ]),
    );
    expect(server.messages).toHaveLength(1);
  });

  test('because no relay is left is dropped', async () => {
    const { outbox, finished } = start([]);
    await outbox.accept(makeMessage());
    expect(await finished(1)).toMatchObject([{ settlement: { kind: 'dropped', reason: 'NoRelay' } }]);
  });
});

test('messagesPerMinute is kept, and what must wait stays as it is', async () => {
  const server = await mailServer();
  const relay = makeRelay({ target: { port: server.port }, limits: { maxConnections: 5, messagesPerMinute: 120 } });
  const { outbox, settled } = start([relay]);
  const began = Date.now();
  for (let i = 0; i < 40; i += 1) await outbox.accept(makeMessage());
  await until(
    () => server.messages.length >= 16,
    () => 'some messages',
  );
  // Twelve at once, the others half a second apart.
  expect(Date.now() - began).toBeGreaterThan(1_500);
  expect(settled.every(({ settlement }) => settlement.kind === 'accepted')).toBe(true);
  expect((await outbox.list()).every(({ attempts, notBefore }) => attempts === 0 && notBefore === 0)).toBe(true);
});

test('a message whose connection is lost after the final dot is tried again, counted and logged', async () => {
  const server = await serve((peer, connection) => mailScript({ onMessage: () => peer.end() })(peer, connection));
  const { outbox, settled, logged } = start([makeRelay({ target: { port: server.port } })]);
  const message = makeMessage();
  await outbox.accept(message);
  await until(
    () => settled.length === 1,
    () => 'a settlement',
  );
  expect(settled).toMatchObject([{ unknown: true, settlement: { kind: 'retry' }, reason: 'ConnectionClosed' }]);
  expect(logged.join()).toContain(`may arrive twice {"id":"${message.id}"}`);
});

test('an outbox that cannot be reached is told again what was sent, so that it is not sent twice', async () => {
  const server = await mailServer();
  const { outbox, finished } = start([makeRelay({ target: { port: server.port } })]);
  outbox.failSettling(3);
  await outbox.accept(makeMessage());
  await finished(1);
  expect(outbox.settlements).toMatchObject([{ settlement: { kind: 'accepted' } }]);
  expect(server.messages).toHaveLength(1);
});

test('a message that was taken out meanwhile is not sent, and nothing is told of it', async () => {
  const held = Promise.withResolvers<void>();
  const server = await mailServer();
  const { outbox, settled, logged } = start([makeRelay({ target: { port: server.port } })], {
    stillWanted: async () => {
      await held.promise;
      return { kind: 'yes' };
    },
  });
  const message = makeMessage();
  await outbox.accept(message);
  await until(
    () => outbox.nextAt() === undefined,
    () => 'a lease',
  );
  await outbox.drop(message.id, 'by hand');
  held.resolve();
  await until(
    () => logged.join().includes('could not be kept'),
    () => 'a word of it',
  );
  expect(settled).toEqual([]);
  expect(server.messages).toEqual([]);
});

test('what the relay signs is what goes out', async () => {
  const server = await mailServer();
  const sign = async (raw: Buffer) =>
    ({ kind: 'signed', raw: Buffer.concat([Buffer.from('DKIM-Signature: x\r\n'), raw]) }) as const;
  const { outbox, finished } = start([makeRelay({ target: { port: server.port }, sign })]);
  await outbox.accept(makeMessage());
  await finished(1);
  expect(server.messages[0]).toMatch(/^DKIM-Signature: x\r\nFrom/);
});

describe('a stop', () => {
  test('ends what is under way, gives back what waits, and says QUIT', async () => {
    let answer: (() => void) | undefined;
    const server = await serve(async (peer) => {
      peer.send('220 mx\r\n');
      for (let line = await peer.line(); line !== undefined; line = await peer.line()) {
        const verb = line.split(' ')[0] ?? '';
        if (verb === '.') answer = () => peer.send('250 taken\r\n');
        else if (verb === 'DATA') peer.send('354 go on\r\n');
        else if (['EHLO', 'MAIL', 'RCPT', 'QUIT'].includes(verb)) peer.send('250 fine\r\n');
        if (verb === 'QUIT') peer.end();
      }
    });
    const { outbox, deliverer, settled } = startDelivering([makeRelay({ target: { port: server.port } })]);
    for (let i = 0; i < 10; i += 1) await outbox.accept(makeMessage());
    await until(
      () => answer !== undefined,
      () => 'a message under way',
    );
    const stopped = deliverer.stop(20_000);
    await until(
      () => settled.length > 0,
      () => 'what waits given back',
    );
    answer?.();
    await stopped;
    expect(settled.filter(({ settlement }) => settlement.kind === 'accepted')).toHaveLength(1);
    const others = settled.flatMap(({ settlement }) => (settlement.kind === 'retry' ? [settlement.attempt] : []));
    expect(others.every((attempt) => attempt === undefined)).toBe(true);
    expect((await outbox.list()).map(({ state }) => state)).toEqual(Array(9).fill('Waiting'));
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatch(/QUIT\r\n$/);
  });

  test('does not wait longer than its grace for a server that is silent', async () => {
    let dots = 0;
    const server = await mailServer({
      on: { '.': '' },
      onMessage: () => {
        dots += 1;
      },
    });
    const { outbox, deliverer, settled } = startDelivering([makeRelay({ target: { port: server.port } })]);
    await outbox.accept(makeMessage());
    await until(
      () => dots === 1,
      () => 'a message under way',
    );
    await deliverer.stop(50);
    expect(settled).toMatchObject([{ unknown: true, settlement: { kind: 'retry' } }]);
  });

  test('does not wait for a connection that is being opened', async () => {
    const server = await serve(() => undefined);
    const { outbox, deliverer, settled } = startDelivering([makeRelay({ target: { port: server.port } })]);
    await outbox.accept(makeMessage());
    await until(
      () => server.received.length === 1,
      () => 'a connection',
    );
    await deliverer.stop(60_000);
    expect(settled).toMatchObject([{ settlement: { kind: 'retry', attempt: undefined } }]);
  });
});

/** A minute passes in a quarter of a second. */
function fastClock() {
  const began = Date.now();
  const factor = 240;
  return {
    now: () => began + (Date.now() - began) * factor,
    sleep: (milliseconds: number, signal: AbortSignal) => systemClock.sleep(milliseconds / factor, signal),
  };
}

test.each([
  {
    name: 'takes no other message before what it sent is written, so that a kill doubles one at most',
    ahead: 10,
    written: false,
    sent: 1,
  },
  { name: 'goes on once it is written, while it does not last yet', ahead: 10, written: true, sent: 2 },
  { name: 'waits until it lasts where no more may be ahead', ahead: 0, written: true, sent: 1 },
])('a connection $name', async ({ ahead, written, sent }) => {
  const server = await mailServer();
  const relay = makeRelay({ target: { port: server.port }, limits: { maxConnections: 1, messagesPerMinute: 0 } });
  const sentWhenSettled: number[] = [];
  const { outbox } = start([relay], { ahead, onSettled: () => sentWhenSettled.push(server.messages.length) });
  outbox.failSettling(4, { written });
  await outbox.accept(makeMessage());
  await outbox.accept(makeMessage());
  await until(
    () => sentWhenSettled.length === 2,
    () => 'two settlements',
  );
  expect(sentWhenSettled[0]).toBe(sent);
});
