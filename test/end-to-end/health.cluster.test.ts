// Health and metrics of operators on a real API server.
import { expect, test } from 'vitest';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { openPromtool } from '../server/metrics/promtool.ts';
import { eventually } from '../store/eventually.ts';
import { type Operator, startOperator } from './operator.ts';
import { operatorRights } from './rights.ts';
import { plainRelay, startMailServer } from './servers.ts';
import { allowLoopback, createWorld } from './world.ts';

const served = 'health and metrics are served at ';

async function urlOf(operator: Operator): Promise<string> {
  const line = await eventually('it says where', () => operator.log.find(({ msg }) => msg.startsWith(served)));
  return line.msg.slice(served.length);
}

async function get(url: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
}

describeWithCluster('an operator on a cluster', () => {
  const cluster = sharedControlPlane();

  const start = (kubeconfig: string, namespace: string, more: readonly string[] = []) =>
    startOperator({
      ...{ kubeconfig, namespace },
      args: ['-n', namespace, '--http-listen', '127.0.0.1:0', ...allowLoopback, ...more],
    });

  test('is ready once all is listed; the replica that probes tells of relays, the other does not', async () => {
    const world = await createWorld(cluster, 'health');
    const { namespace } = world;
    const server = await startMailServer();
    await world.apply('relay', plainRelay(server.port));
    const kubeconfig = await cluster.kubeconfigFor({ namespace, name: 'operator', grants: operatorRights(namespace) });
    const first = start(kubeconfig, namespace);
    const url = await urlOf(first);
    await eventually('it is ready', async () => (await get(`${url}/readyz`)).status === 200);
    expect((await get(`${url}/readyz?verbose`)).text).toBe(
      '[+]running ok\n[+]relays ok\n[+]outbox ok\n[+]policies ok\nok\n',
    );
    await world.untilReady('relay', { status: 'True' });
    const ready = `relaykeeper_relay_ready{namespace="${namespace}",relay="relay",reason="Succeeded"} 1`;
    const holds = 'relaykeeper_lease_holder{lease="relaykeeper-probes"} ';
    const { text } = await get(`${url}/metrics`);
    expect(text).toContain(ready);
    expect(text).toContain(`${holds}1`);
    expect(text).toMatch(
      /^relaykeeper_api_requests_total\{verb="patch",resource="smtprelays\/status",code="200"\} \d/m,
    );
    expect(text).toMatch(/^relaykeeper_api_requests_total\{verb="watch",resource="smtprelays",code="200"\} \d/m);
    expect(text).toContain('relaykeeper_store_problems 0');
    const promtool = await openPromtool();
    if (promtool) expect(await promtool.run(['check', 'metrics'], text)).toEqual({ code: 0, output: '' });

    const second = start(kubeconfig, namespace, ['--identity', 'second']);
    const other = await urlOf(second);
    await eventually('the second waits', async () => (await get(`${other}/metrics`)).text.includes(`${holds}0`));
    expect((await get(`${other}/metrics`)).text).not.toContain('relaykeeper_relay_ready{');
    first.signal('SIGTERM');
    expect(await first.ended).toBe(0);
    await eventually('the second probes', async () => (await get(`${other}/metrics`)).text.includes(ready), {
      within: 40_000,
    });
  });

  test('without the right to list relays lives, and says what it waits for', async () => {
    const { namespace } = await createWorld(cluster, 'health');
    const operator = start(await cluster.kubeconfigFor({ namespace, name: 'operator', grants: [] }), namespace);
    const url = await urlOf(operator);
    await eventually('it has met a problem', async () =>
      /relaykeeper_store_problems [1-9]/.test((await get(`${url}/metrics`)).text),
    );
    for (const path of ['/livez', '/startupz']) expect((await get(url + path)).status, path).toBe(200);
    const { status, text } = await get(`${url}/readyz`);
    expect(status).toBe(503);
    expect(text).toContain('[-]relays: The SmtpRelays are not listed yet; the log says why.\n');
    expect(text).toContain('[-]outbox: The outbox is not open yet; the log says why.\n');
    expect((await get(`${url}/metrics`)).text).toMatch(/resource="smtprelays",code="403"/);
  });

  test('logs the requests that it makes while SIGUSR2 has turned debug on', async () => {
    const { namespace } = await createWorld(cluster, 'health');
    const operator = start(
      await cluster.kubeconfigFor({ namespace, name: 'operator', grants: operatorRights(namespace) }),
      namespace,
    );
    await urlOf(operator);
    await eventually('it probes', () => operator.says('this replica probes'));
    expect(operator.log.filter(({ level }) => level < 30)).toEqual([]);
    operator.signal('SIGUSR2');
    await eventually('a request is logged', () => operator.log.some(({ level }) => level === 20));
    operator.signal('SIGUSR2');
    await eventually('it says so', () => operator.says('the log level is info from now on'));
  });
});
