import { describe, expect, onTestFinished, test } from 'vitest';
import { createHealth, type Health } from '../../src/server/health/health.ts';
import { startHealthServer } from '../../src/server/health/health-server.ts';

async function open(metrics = async () => ({ contentType: 'text/plain; version=0.0.4', text: 'a 1\n' })) {
  const health: Health = createHealth();
  const faults: string[] = [];
  const started = await startHealthServer(
    { address: '127.0.0.1', port: 0 },
    { health, metrics: { scrape: metrics }, fault: (message) => faults.push(message) },
  );
  if (started.kind === 'failed') throw new Error(started.message);
  const { server } = started;
  onTestFinished(() => server.close().catch(() => undefined));
  const get = async (path: string, method = 'GET') => {
    const response = await fetch(`${server.url}${path}`, { method });
    return { status: response.status, type: response.headers.get('content-type'), text: await response.text() };
  };
  return { health, server, faults, get };
}

describe('/readyz', () => {
  test('says what is missing, a sentence a check, until nothing is', async () => {
    const { health, get } = await open();
    health.awaits('store', 'The relays are not listed yet.');
    health.awaits('outbox', 'The outbox is not open yet.');
    health.met('outbox');
    expect(await get('/readyz')).toMatchObject({ status: 503, text: '[-]store: The relays are not listed yet.\n' });
    expect((await get('/readyz?verbose')).text).toBe(
      '[+]running ok\n[-]store: The relays are not listed yet.\n[+]outbox ok\n',
    );
    health.met('store');
    expect(await get('/readyz')).toMatchObject({ status: 200, text: 'ok\n' });
    expect((await get('/readyz?verbose')).text).toBe('[+]running ok\n[+]store ok\n[+]outbox ok\nok\n');
  });

  test('turns as soon as the operator stops, while the others go on', async () => {
    const { health, get } = await open();
    health.started();
    health.stopping();
    expect(await get('/readyz')).toMatchObject({ status: 503, text: '[-]running: The operator is stopping.\n' });
    expect((await get('/livez')).status).toBe(200);
    expect((await get('/startupz')).status).toBe(200);
    expect((await get('/metrics')).status).toBe(200);
  });
});

test('/startupz turns once the work has begun', async () => {
  const { health, get } = await open();
  expect(await get('/startupz')).toMatchObject({ status: 503 });
  health.started();
  expect(await get('/startupz')).toMatchObject({ status: 200, text: 'ok\n' });
});

test('/livez fails while something watched has gone wrong', async () => {
  const { health, get } = await open();
  let problem: string | undefined;
  health.watch('reconciles', () => problem);
  expect((await get('/livez')).status).toBe(200);
  problem = 'A reconcile has not ended for an hour.';
  expect(await get('/livez')).toMatchObject({ status: 503, text: `[-]reconciles: ${problem}\n` });
});

test('/metrics has the type that Prometheus asks for', async () => {
  const { get } = await open();
  expect(await get('/metrics')).toEqual({ status: 200, type: 'text/plain; version=0.0.4', text: 'a 1\n' });
});

test('HEAD has no body, other methods and paths are refused', async () => {
  const { get } = await open();
  expect(await get('/livez', 'HEAD')).toMatchObject({ status: 200, text: '' });
  expect((await get('/livez', 'POST')).status).toBe(405);
  for (const path of ['/', '/metrics/', '/constructor', '/livezz'])
    expect(await get(path), path).toMatchObject({
      status: 404,
      text: 'There is /livez, /readyz, /startupz, /metrics.\n',
    });
});

test('a scrape that fails is told, and the next one is answered', async () => {
  let broken = true;
  const { get, faults } = await open(async () => {
    if (broken) throw new Error('out of order');
    return { contentType: 'text/plain', text: 'ok' };
  });
  expect(await get('/metrics')).toMatchObject({ status: 500, text: 'This could not be told; the log says why.\n' });
  expect(faults).toEqual(['A request for health or metrics could not be answered: Error: out of order']);
  broken = false;
  expect((await get('/metrics')).status).toBe(200);
});

test('an address that is taken is named, with what is wrong', async () => {
  const { server, health } = await open();
  const { port } = new URL(server.url);
  const second = await startHealthServer(
    { address: '127.0.0.1', port: Number(port) },
    { health, metrics: { scrape: () => Promise.reject(new Error('unused')) }, fault: () => undefined },
  );
  expect(second).toEqual({
    kind: 'failed',
    message: `Health and metrics cannot listen at 127.0.0.1:${port}: another program does.`,
  });
});
