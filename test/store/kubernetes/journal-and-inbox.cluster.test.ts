// Journal and inbox on a real API server.
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/store/clock.ts';
import { openRecordInbox } from '../../../src/store/inbox/open-record-inbox.ts';
import { openJournal } from '../../../src/store/journal/open-journal.ts';
import type { ApiClient } from '../../../src/store/kubernetes/api-client.ts';
import { openClient } from '../../../src/store/kubernetes/open-client.ts';
import { reflectorTimings } from '../../../src/store/kubernetes/reflector.ts';
import { createSecretRecords } from '../../../src/store/kubernetes/secret-records.ts';
import { createSecretSegments } from '../../../src/store/kubernetes/secret-segments.ts';
import type { StoreProblem } from '../../../src/store/store.ts';
import { describeWithCluster, sharedControlPlane } from '../../control-plane/shared.ts';
import { eventually } from '../eventually.ts';
import { inboxConformance } from '../inbox-conformance.ts';

const type = 'relaykeeper.dev/inbox';

describeWithCluster('on a real API server', () => {
  const cluster = sharedControlPlane();

  const connect = async (): Promise<ApiClient> => {
    const opened = await openClient({ kubeconfig: cluster.kubeconfigPath, environment: {}, qps: 500 });
    if (opened.kind === 'unusable') throw new Error(opened.message);
    onTestFinished(() => opened.client.close());
    return opened.client;
  };

  describe('an inbox', () => {
    inboxConformance(async () => {
      const namespace = await cluster.createNamespace('inbox');
      let creates = 0;
      const counting = (client: ApiClient): ApiClient => ({
        ...client,
        call(request, signal) {
          if (request.method === 'POST') creates += 1;
          return client.call(request, signal);
        },
      });
      return {
        together: true,
        async open() {
          const problems: StoreProblem[] = [];
          const records = createSecretRecords({
            ...{ client: counting(await connect()), namespace, type, labels: { [type]: 'requests' } },
            ...{ clock: systemClock, random: Math.random, timings: reflectorTimings },
            problem: () => {},
          });
          const problem = (told: StoreProblem) => void problems.push(told);
          const inbox = await openRecordInbox(records, { clock: systemClock, problem });
          onTestFinished(() => inbox.close());
          return { inbox, problems };
        },
        creates: () => creates,
        async names() {
          const { stdout } = await cluster.kubectl(['get', 'secrets', '-n', namespace, '-o', 'name']);
          return stdout.split('\n').filter((name) => name !== '');
        },
        leave: (name, bytes) =>
          cluster.apply({
            apiVersion: 'v1',
            kind: 'Secret',
            type,
            metadata: { namespace, name },
            data: { raw: bytes.toString('base64') },
          }),
      };
    });
  });

  test('a journal outlives its holder, whose next write is refused once another has opened it', async () => {
    const namespace = await cluster.createNamespace('journal');
    const client = await connect();
    await createSecretSegments(client, namespace).create('alarms-000000000001', Buffer.from('the ledger is another'));
    const problems: StoreProblem[] = [];
    const open = () =>
      openJournal(createSecretSegments(client, namespace, 'journal'), {
        prefix: 'alarms',
        clock: systemClock,
        problem: (problem) => void problems.push(problem),
      });
    const first = open();
    expect(await first.load()).toEqual(new Map());
    for (let i = 0; i < 12; i += 1) await first.write(new Map([['group', `${i}${'x'.repeat(10_000)}`]]));
    await eventually('it is rewritten', () => first.size.segments < 10);
    const second = open();
    expect((await second.load()).get('group')).toMatch(/^11x/);
    expect(await first.write(new Map([['group', 'stale']]))).toEqual({ kind: 'lost' });
    expect(await second.write(new Map([['group', undefined]]))).toEqual({ kind: 'written' });
    expect(await open().load()).toEqual(new Map());
    expect(problems).toEqual([]);
    expect(await createSecretSegments(client, namespace).list()).toEqual(['alarms-000000000001']);
  });
});
