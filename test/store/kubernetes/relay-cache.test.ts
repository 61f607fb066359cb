import { expect, test } from 'vitest';
import { createRelayCache } from '../../../src/store/kubernetes/relay-cache.ts';

function relay(resourceVersion: string, { uid = 'one', failures = 0, namespace = 'mail' } = {}): object {
  return {
    apiVersion: 'relaykeeper.dev/v1alpha1',
    kind: 'SmtpRelay',
    metadata: {
      name: 'a',
      namespace,
      uid,
      resourceVersion,
      generation: 1,
      managedFields: [{ manager: 'kubectl' }],
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{}', kept: 'yes' },
    },
    spec: { host: 'mail.example.com' },
    status: { consecutiveFailures: failures },
  };
}

function filled(...objects: readonly object[]) {
  const woken: string[] = [];
  const cache = createRelayCache((key) => woken.push(`${key.namespace}/${key.name}`));
  const sink = cache.sink(undefined);
  sink.listStarted();
  sink.listed(objects);
  sink.listComplete();
  woken.length = 0;
  const held = () => cache.get({ namespace: 'mail', name: 'a' });
  return { cache, sink, woken, held };
}

test('an event older than our own write does not undo it, and its echo wakes nobody', () => {
  const { cache, sink, woken, held } = filled(relay('9'));
  cache.written(relay('11', { failures: 2 }));
  sink.changed(relay('10', { failures: 1 }));
  sink.changed(relay('11', { failures: 2 }));
  expect(held()?.status?.consecutiveFailures).toBe(2);
  expect(woken).toEqual([]);
  sink.changed(relay('12', { failures: 3 }));
  expect(woken).toEqual(['mail/a']);
});

test('versions are compared as numbers of any size, not as text', () => {
  const { sink, held } = filled(relay('9007199254740993'));
  sink.changed(relay('10007199254740993', { failures: 1 }));
  expect(held()?.status?.consecutiveFailures).toBe(1);
  sink.changed(relay('9007199254740994', { failures: 2 }));
  expect(held()?.status?.consecutiveFailures).toBe(1);
});

test('what a write answers after the object has gone is not put back', () => {
  const { cache, sink, held } = filled(relay('9'));
  sink.deleted(relay('12'));
  cache.written(relay('11'));
  expect(held()).toBeUndefined();
});

test('what a write answers for another object of the name is not put in', () => {
  const { cache, sink, held } = filled(relay('9'));
  sink.changed(relay('20', { uid: 'two' }));
  cache.written(relay('30', { uid: 'one', failures: 9 }));
  expect(held()?.metadata.uid).toBe('two');
  expect(held()?.status?.consecutiveFailures).toBe(0);
});

test('a list that was asked for before our write does not undo it', () => {
  const { cache, sink, held } = filled(relay('9'));
  sink.listStarted();
  cache.written(relay('11', { failures: 2 }));
  sink.listed([relay('9')]);
  sink.listComplete();
  expect(held()?.status?.consecutiveFailures).toBe(2);
});

test('a cluster restored from a backup goes back in its versions, and the list is believed', () => {
  const { sink, held, woken } = filled(relay('500', { failures: 5 }));
  sink.listStarted();
  sink.listed([relay('100', { failures: 1 })]);
  sink.listComplete();
  expect(held()?.status?.consecutiveFailures).toBe(1);
  expect(woken).toEqual(['mail/a']);
});

test('the list of one namespace says nothing of another', () => {
  const { cache } = filled(relay('9'), relay('9', { namespace: 'other' }));
  const sink = cache.sink('other');
  sink.listStarted();
  sink.listComplete();
  expect(cache.list()).toEqual([{ namespace: 'mail', name: 'a' }]);
});

test('what is kept leaves out status, managed fields and the last applied configuration', () => {
  const { held } = filled(relay('9'));
  expect(held()?.manifest).toEqual({
    apiVersion: 'relaykeeper.dev/v1alpha1',
    kind: 'SmtpRelay',
    metadata: {
      name: 'a',
      namespace: 'mail',
      uid: 'one',
      resourceVersion: '9',
      generation: 1,
      annotations: { kept: 'yes' },
    },
    spec: { host: 'mail.example.com' },
  });
});
