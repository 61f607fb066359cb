import { expect, test } from 'vitest';
import type { ApiClient } from '../../../src/store/kubernetes/api-client.ts';
import { reflectorTimings, startReflector } from '../../../src/store/kubernetes/reflector.ts';
import type { Sink } from '../../../src/store/kubernetes/sink.ts';

const nothing = () => undefined;
const sink: Sink = { listStarted: nothing, listed: nothing, listComplete: nothing, changed: nothing, deleted: nothing };

test('an API server that lists but refuses every watch is asked ever more rarely', async () => {
  const stop = new AbortController();
  let time = 0;
  let lists = 0;
  const client: ApiClient = {
    namespace: 'mail',
    call: () => {
      lists += 1;
      return Promise.resolve({ kind: 'ok', body: { metadata: { resourceVersion: '5' }, items: [] } });
    },
    open: () => Promise.resolve({ kind: 'refused', status: 403, reason: 'Forbidden', message: 'no watch' }),
    close: nothing,
  };
  const tenMinutes = new Promise<void>((resolve) => {
    const clock = {
      now: () => time,
      monotonic: () => time,
      sleep: (milliseconds: number) => {
        time += milliseconds;
        if (time > 600_000) stop.abort();
        if (time > 600_000) resolve();
        return Promise.resolve();
      },
    };
    const collection = { group: 'relaykeeper.dev', version: 'v1alpha1', resource: 'smtprelays', metadataOnly: false };
    const options = { client, collection, sink, timings: reflectorTimings, clock, random: () => 0.5, problem: nothing };
    startReflector(options, stop.signal);
  });
  await tenMinutes;
  expect(lists).toBeLessThan(60);
});
