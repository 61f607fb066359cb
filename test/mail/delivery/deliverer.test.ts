// Delivery as a whole, against servers that do exactly what the case says.
import { afterEach, describe, expect, test } from 'vitest';
import { type HostileServer, type Script, startHostileServer } from '../../smtp/hostile-server.ts';
import { type MailScript, mailScript } from '../../smtp/mail-script.ts';
import { type Delivering, makeMessage, makeRelay, startDelivering, until } from './delivering.ts';

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
