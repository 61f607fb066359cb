// What holds for every probe, whatever the server does: an end in time, bounded memory, nothing left open, and QUIT.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { startDeafPort } from './deaf-port.ts';
import { type HostileServer, type Peer, type Script, startHostileServer } from './hostile-server.ts';
import { mailScript } from './mail-script.ts';
import { runProbe } from './probing.ts';

const stops: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function serve(script: Script): Promise<HostileServer> {
  const server = await startHostileServer(script);
  stops.push(server.stop);
  return server;
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`did not come: ${what}`);
    await delay(10);
  }
}

/** Behaves up to this command, and then says nothing. */
function silentAfter(verb: string): Script {
  const on = { [verb]: '' };
  return mailScript({ capabilities: ['AUTH PLAIN'], on });
}

/** Sends for as long as the client takes it. */
async function flood(peer: Peer, chunk: string): Promise<number> {
  let sent = 0;
  while (!peer.socket.destroyed && sent < 500_000_000) {
    sent += chunk.length;
    if (!peer.socket.write(chunk)) {
      await Promise.race([new Promise((resolve) => peer.socket.once('drain', resolve)), peer.closed]);
    }
  }
  return sent;
}

describe('a server that floods', () => {
  test.each([
    { name: 'with a line that never ends', chunk: 'x'.repeat(65_536) },
    { name: 'with a reply that never ends', chunk: '250-more of the same\r\n'.repeat(3_000) },
    { name: 'with replies that nobody asked for', chunk: '250 fine\r\n'.repeat(6_000) },
  ])('$name is cut off before it has said much', async ({ chunk }) => {
    let taken: Promise<number> | undefined;
    const { port } = await serve((peer) => {
      peer.send('220 hello\r\n');
      taken = flood(peer, chunk);
    });
    const report = await runProbe({ port });
    expect(report).toMatchObject({ outcome: 'Failed', reason: 'ProtocolError' });
    // What the kernel buffers on loopback is some megabytes; a client that reads on takes hundreds.
    expect(await taken).toBeLessThan(50_000_000);
  });
});

describe('after a probe', () => {
  test.each<{ name: string; script: Script }>([
    { name: 'that succeeded', script: mailScript() },
    { name: 'that was refused', script: mailScript({ on: { MAIL: '550 5.7.1 no\r\n' } }) },
    { name: 'of a silent server', script: () => undefined },
    { name: 'of a server that never lets go', script: (peer) => peer.send('220 hello\r\n') },
    { name: 'of another protocol', script: (peer) => peer.send('SSH-2.0-x\r\n') },
    { name: 'of a server that sends nonsense', script: (peer) => peer.send('nonsense\r\n') },
  ])('$name no connection stays open', async ({ script }) => {
    let open = 0;
    const { port } = await serve((peer, connection) => {
      open += 1;
      void peer.closed.then(() => {
        open -= 1;
      });
      return script(peer, connection);
    });
    await runProbe({ port, connectionTimeout: 300 });
    await until(() => open === 0, 'the end of every connection');
  });

  test.each<{ name: string; on: Record<string, string>; last: string }>([
    { name: 'that succeeded', on: {}, last: 'QUIT' },
    { name: 'whose sender was refused', on: { MAIL: '550 no\r\n' }, last: 'QUIT' },
    { name: 'whose message was refused', on: { '.': '554 no\r\n' }, last: 'QUIT' },
    { name: 'whose EHLO was refused', on: { EHLO: '550 no\r\n', HELO: '550 no\r\n' }, last: 'QUIT' },
  ])('$name QUIT was said', async ({ on, last }) => {
    const server = await serve(mailScript({ on }));
    await runProbe({ port: server.port });
    expect(server.received[0]?.trimEnd().split('\r\n').at(-1)).toBe(last);
  });

  test.each<{ name: string; script: Script; said: RegExp; stops?: boolean }>([
    { name: 'that waited in vain for a reply', script: silentAfter('EHLO'), said: /^EHLO \S+\r\nQUIT\r\n$/ },
    {
      name: 'that waited in vain for the reply to a login',
      script: silentAfter('AUTH'),
      said: /AUTH PLAIN \S+\r\nQUIT\r\n$/,
    },
    { name: 'that was stopped meanwhile', script: silentAfter('EHLO'), said: /^EHLO \S+\r\nQUIT\r\n$/, stops: true },
    {
      name: 'that waited in vain for the reply to its message',
      script: silentAfter('.'),
      said: /\r\n\.\r\nQUIT\r\n$/,
    },
    {
      name: 'of a server that sends half a reply',
      script: mailScript({ on: { EHLO: '250-mx.example.com\r\n250-SI' } }),
      said: /^EHLO \S+\r\nQUIT\r\n$/,
    },
    {
      name: 'of a server that sends what is no reply',
      script: mailScript({ on: { EHLO: 'what?\r\n' } }),
      said: /^EHLO \S+\r\nQUIT\r\n$/,
    },
  ])('$name QUIT was said, without a long wait', async ({ script, said, stops }) => {
    const stop = new AbortController();
    const server = await serve((peer, connection) => {
      if (stops) peer.socket.once('data', () => stop.abort());
      return script(peer, connection);
    });
    const connectionTimeout = stops ? 60_000 : 400;
    const asked = { auth: { allowUnencrypted: true }, connectionTimeout, deps: { signal: stop.signal } };
    const report = await runProbe({ port: server.port, ...asked });
    expect(report.outcome).toBe('Failed');
    expect(report.transcript?.at(-1)).toBe('C: QUIT');
    await until(() => said.test(server.received[0] ?? ''), `QUIT in ${JSON.stringify(server.received[0])}`);
  });

  test.each<{ name: string; script: Script }>([
    { name: 'of a server that does not answer DATA', script: silentAfter('DATA') },
    {
      name: 'of a server that says more than it was asked for when the message is due',
      script: mailScript({ on: { DATA: '354 go on\r\n250 done already\r\n' } }),
    },
  ])('$name no QUIT was said, which could become part of a message', async ({ script }) => {
    let over = false;
    const server = await serve((peer, connection) => {
      void peer.closed.then(() => {
        over = true;
      });
      return script(peer, connection);
    });
    await runProbe({ port: server.port, connectionTimeout: 400 });
    await until(() => over, 'the end of the connection');
    expect(server.received[0]).toMatch(/DATA\r\n$/);
  });

  test('that looked again at a server which greets in plain text QUIT was said there', async () => {
    const server = await serve((peer) => peer.send('220 mx.example.com ESMTP\r\n'));
    const report = await runProbe({ port: server.port, tls: { mode: 'Implicit' } });
    expect(report.reason).toBe('PlaintextExpected');
    await until(
      () => server.received.some((text) => text === 'QUIT\r\n'),
      `QUIT in ${JSON.stringify(server.received)}`,
    );
  });

  test('of a server that never greeted nothing was said to it but by a second look', async () => {
    const server = await serve(() => undefined);
    await runProbe({ port: server.port, connectionTimeout: 300 });
    expect(server.received[0]).toBe('');
  });
});

describe('a probe that is stopped', () => {
  test('while it waits for a reply ends at once and reports', async () => {
    const stop = new AbortController();
    const { port } = await serve(async (peer) => {
      peer.send('220 hello\r\n');
      await peer.line();
      stop.abort();
    });
    const report = await runProbe({ port, connectionTimeout: 300_000, deps: { signal: stop.signal } });
    expect(report).toMatchObject({ outcome: 'Failed', failedStage: 'Ehlo', reason: 'ReplyTimedOut' });
    expect(report.message).toContain('when the probe was stopped');
  });

  test('while it connects ends at once and reports', async () => {
    const { port, stop: wake } = await startDeafPort();
    stops.push(wake);
    const stop = new AbortController();
    const onStage = ({ stage }: { stage: string }) => {
      if (stage === 'Connect') setImmediate(() => stop.abort());
    };
    const report = await runProbe({ port, connectionTimeout: 300_000, deps: { signal: stop.signal, onStage } });
    expect(report).toMatchObject({ outcome: 'Failed', failedStage: 'Connect' });
  });

  test('during the handshake ends at once and reports', async () => {
    const stop = new AbortController();
    const { port } = await serve((peer) => peer.socket.once('data', () => stop.abort()));
    const deps = { signal: stop.signal };
    const report = await runProbe({ port, connectionTimeout: 300_000, tls: { mode: 'Implicit' }, deps });
    expect(report).toMatchObject({ outcome: 'Failed', failedStage: 'Tls', reason: 'HandshakeTimedOut' });
  });

  test('before it began connects to nobody', async () => {
    const server = await serve(mailScript());
    const report = await runProbe({ port: server.port, deps: { signal: AbortSignal.abort() } });
    expect(report.outcome).toBe('Failed');
    expect(server.received).toEqual([]);
  });
});
