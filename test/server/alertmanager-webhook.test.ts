// A real Alertmanager delivers to the real server.
import { expect, test } from 'vitest';
import { alertmanagerPackage, startAlertmanager } from '../servers/alertmanager.ts';
import { debianPackages } from '../servers/debian-packages.ts';
import { eventually } from '../store/eventually.ts';
import { startWorld, target, token, type World } from './webhook-world.ts';

const packages = await debianPackages([alertmanagerPackage]);
if (packages.kind === 'missing') console.warn(packages.why);
const withAlertmanager = test.skipIf(packages.kind === 'missing');

const labels = { alertname: 'HighErrorRate', severity: 'critical', namespace: 'shop', path: '/a"b\n<i>' };

withAlertmanager('takes what Alertmanager sends, and its end', { timeout: 60_000 }, async () => {
  const world = await startWorld();
  const alertmanager = await startAlertmanager(() => configuration(world, token));
  try {
    const startsAt = new Date(Date.now() - 60_000).toISOString();
    await alertmanager.post([{ labels, startsAt }]);
    await eventually('an alarm', () => world.kept.length > 0);
    expect(world.kept[0]?.alarms).toMatchObject([
      {
        state: 'Firing',
        labels: { ...labels, path: '/a"b <i>' },
        text: '',
        startsAt: Date.parse(startsAt),
        url: expect.stringMatching(/^http:\/\//),
      },
    ]);
    expect(world.kept[0]?.alarms[0]?.endsAt).toBeUndefined();
    const endsAt = new Date().toISOString();
    await alertmanager.post([{ labels, startsAt, endsAt }]);
    const resolved = await eventually('its end', () =>
      world.kept.flatMap(({ alarms }) => alarms).find(({ state }) => state === 'Resolved'),
    );
    expect(resolved).toMatchObject({ startsAt: Date.parse(startsAt), endsAt: Date.parse(endsAt) });
  } finally {
    await alertmanager.stop();
  }
});

withAlertmanager('Alertmanager sends again what was answered with 503', { timeout: 60_000 }, async () => {
  let refused = 0;
  const kept: Buffer[] = [];
  const world = await startWorld({
    deps: {
      keep: async (body) => {
        if (refused < 2) {
          refused += 1;
          return { kind: 'full', message: 'The inbox is full.' };
        }
        kept.push(body);
        return { kind: 'kept' };
      },
    },
  });
  const alertmanager = await startAlertmanager(() => configuration(world, token));
  try {
    await alertmanager.post([{ labels, startsAt: new Date(Date.now() - 60_000).toISOString() }]);
    await eventually('it is kept in the end', () => kept.length > 0, { within: 40_000 });
    expect(refused).toBe(2);
  } finally {
    await alertmanager.stop();
  }
});

function configuration({ server }: World, credentials: string): string {
  return `
route: { receiver: relaykeeper, group_by: [namespace], group_wait: 0s, group_interval: 1s, repeat_interval: 1h }
receivers:
  - name: relaykeeper
    webhook_configs:
      - url: http://${server.address}:${server.port}${target}
        http_config: { authorization: { credentials: ${credentials} } }
`;
}
