// Health and metrics of a real run on a directory.
import { once } from 'node:events';
import { connect } from 'node:net';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { basicAuth, plain, startServer, withLogin } from '../relays/servers.ts';
import { declareRelay, declareSecret } from '../relays/world.ts';
import { openPromtool, type Promtool } from '../server/metrics/promtool.ts';
import { newFolders } from '../store/directory/opened-store.ts';
import { eventually } from '../store/eventually.ts';
import { type Running, useProgram } from './program.ts';

const program = useProgram();
let promtool: Promtool | undefined;
beforeAll(async () => {
  promtool = await openPromtool();
}, 300_000);

const served = /Health and metrics are served at (http:\/\/127\.0\.0\.1:\d+)/;

async function urlOf(running: Running): Promise<string> {
  await running.printed(served);
  return served.exec(running.stdout())?.[1] ?? '';
}

async function get(url: string): Promise<{ status: number; text: string }> {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

describe('run --directory --http-listen', () => {
  test('serves what promtool reads, with the probes of its relays, and no secret', async () => {
    const folders = newFolders();
    const password = 'metrics-canary-31c5';
    declareSecret(folders, { name: 'login', type: basicAuth, data: { username: 'u', password } });
    const server = await startServer({
      capabilities: ['AUTH PLAIN'],
      on: { AUTH: () => `535 5.7.8 you said ${password}\r\n` },
    });
    declareRelay(folders, { name: 'refused', spec: withLogin(server.port, 'login') });
    declareRelay(folders, { name: 'works', spec: plain((await startServer({})).port) });
    const args = ['run', '--directory', folders.directory, '--state', folders.stateDirectory];
    const running = program.start([...args, '--http-listen', '127.0.0.1:0']);
    const url = await urlOf(running);
    await eventually('it is ready', async () => (await get(`${url}/readyz`)).status === 200);
    await running.printed(/mail\/works Ready=True/);
    await running.printed(/mail\/refused Ready=False/);
    const { status, text } = await get(`${url}/metrics`);
    expect(status).toBe(200);
    expect(text).toContain('relaykeeper_relay_ready{namespace="mail",relay="works",reason="Succeeded"} 1');
    expect(text).toContain('relaykeeper_relay_ready{namespace="mail",relay="refused",reason="AuthenticationFailed"} 0');
    expect(text).toContain('relaykeeper_probe_duration_seconds_count{stage="Auth"} 1');
    expect(text).not.toContain('canary');
    for (const path of ['/livez', '/startupz']) expect((await get(url + path)).status, path).toBe(200);
    if (promtool) expect(await promtool.run(['check', 'metrics'], text)).toEqual({ code: 0, output: '' });
    running.signal('SIGTERM');
    expect((await running.ended).code).toBe(0);
  });

  test('is not ready from the moment that it is told to stop, and answers until it has', async () => {
    const args = ['--http-listen', '127.0.0.1:0', '--webhook-listen', '127.0.0.1:0'];
    const running = program.start(['run', '--directory', newFolders().directory, ...args]);
    const url = await urlOf(running);
    await eventually('it is ready', async () => (await get(`${url}/readyz`)).status === 200);
    const taken = /Alarms are taken at http:\/\/127\.0\.0\.1:(\d+)/;
    await running.printed(taken);
    // A request that has begun holds up the stop.
    const slow = connect(Number(taken.exec(running.stdout())?.[1]), '127.0.0.1');
    onTestFinished(() => void slow.destroy());
    slow.on('error', () => undefined);
    await once(slow, 'connect');
    slow.write('POST /v1/alarms/mail/guests/one HTTP/1.1\r\n');
    await eventually('it is read', async () => (await get(`${url}/livez`)).status === 200);
    running.signal('SIGTERM');
    await eventually('it is not ready', async () => (await get(`${url}/readyz`)).status === 503);
    expect((await get(`${url}/readyz`)).text).toBe('[-]running: The operator is stopping.\n');
    expect((await get(`${url}/livez`)).status).toBe(200);
    slow.destroy();
    expect((await running.ended).code).toBe(0);
  });

  test('ends at once, with what would be right, where the address cannot be had', async () => {
    const taken = await startServer({});
    const { code, stderr } = await program.run([
      ...['run', '--directory', newFolders().directory],
      ...['--http-listen', `127.0.0.1:${taken.port}`],
    ]);
    expect(stderr).toBe(
      `error: --http-listen: Health and metrics cannot listen at 127.0.0.1:${taken.port}: another program does. Give another address, or none.\n`,
    );
    expect(code).toBe(2);
  });

  test.each([
    [['--http-listen', '127.0.0.1:0', '--once'], '--http-listen goes without --once'],
    [['--http-listen', 'localhost:80'], 'It must be an IP address and a port'],
    [['--log-level', 'debug'], '--log-level and --log-format go without --directory'],
  ])('refuses %j', async (flags, message) => {
    const { code, stderr } = await program.run(['run', '--directory', newFolders().directory, ...flags]);
    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
