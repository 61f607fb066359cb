import { expect, test } from 'vitest';
import { type Collection, watchSubject } from '../../../src/store/kubernetes/collection.ts';
import {
  createReferenceWatches,
  mostNamedWatches,
  type SecretAccess,
} from '../../../src/store/kubernetes/reference-watches.ts';
import type { Sink } from '../../../src/store/kubernetes/sink.ts';
import type { Reference } from '../../../src/store/store.ts';

const secret = (namespace: string, name: string): Reference => ({ kind: 'Secret', namespace, name });
const configMap = (namespace: string, name: string): Reference => ({ kind: 'ConfigMap', namespace, name });
const relay = (name: string) => ({ namespace: 'mail', name });

function object({ namespace, name }: Reference, resourceVersion: string): object {
  return { metadata: { namespace, name, resourceVersion } };
}

/** The watches that stand, by subject, and who was woken. */
function watching(access: SecretAccess) {
  const sinks = new Map<string, Sink>();
  const woken: string[] = [];
  const watches = createReferenceWatches({
    access,
    wake: ({ name }) => woken.push(name),
    watch: (collection: Collection, sink, signal) => {
      sinks.set(watchSubject(collection), sink);
      signal.addEventListener('abort', () => sinks.delete(watchSubject(collection)));
    },
  });
  const sink = (subject: string): Sink => {
    const found = sinks.get(subject);
    if (!found) throw new Error(`no ${subject} among ${[...sinks.keys()]}`);
    return found;
  };
  return { watches, woken, sink, subjects: () => [...sinks.keys()] };
}

test.each<[SecretAccess, string[], string[]]>([
  [
    'Cluster',
    ['watch secrets in all namespaces', 'watch configmaps in all namespaces'],
    ['watch secrets in all namespaces'],
  ],
  [
    'Namespaces',
    ['watch secrets in namespace mail', 'watch secrets in namespace other', 'watch configmaps in namespace mail'],
    ['watch secrets in namespace other'],
  ],
  [
    'Named',
    [
      'watch secrets login in namespace mail',
      'watch secrets client in namespace mail',
      'watch secrets login in namespace other',
      'watch configmaps bundle in namespace mail',
    ],
    ['watch secrets login in namespace other'],
  ],
])('%s watches what is referred to, nothing before and nothing after', (access, all, left) => {
  const { watches, subjects } = watching(access);
  expect(subjects()).toEqual([]);
  watches.follow(relay('a'), [secret('mail', 'login'), secret('mail', 'client')]);
  watches.follow(relay('b'), [secret('mail', 'login'), secret('other', 'login'), configMap('mail', 'bundle')]);
  expect(subjects().sort()).toEqual(all.sort());
  watches.follow(relay('a'), []);
  watches.follow(relay('b'), [secret('other', 'login')]);
  expect(subjects()).toEqual(left);
});

test(`Named stands ${mostNamedWatches} watches at most; one that is freed goes to who waited longest`, () => {
  const { watches, subjects } = watching('Named');
  for (let i = 0; i < mostNamedWatches + 50; i++) watches.follow(relay(`r${i}`), [secret('mail', `s${i}`)]);
  expect(subjects()).toHaveLength(mostNamedWatches);
  expect(subjects()).not.toContain('watch secrets s200 in namespace mail');
  watches.follow(relay('r7'), []);
  expect(subjects()).toHaveLength(mostNamedWatches);
  expect(subjects()).toContain('watch secrets s200 in namespace mail');
});

const login = secret('mail', 'login');

function following() {
  const run = watching('Cluster');
  run.watches.follow(relay('a'), [login]);
  const sink = run.sink('watch secrets in all namespaces');
  return {
    ...run,
    sink,
    list(...objects: object[]) {
      sink.listStarted();
      sink.listed(objects);
      sink.listComplete();
    },
  };
}

test('a list that shows what was read wakes nobody; one that shows another version does', () => {
  const { watches, woken, list } = following();
  watches.saw(login, '5');
  list(object(login, '5'), object(secret('mail', 'other'), '6'));
  expect(woken).toEqual([]);
  list(object(login, '7'));
  expect(woken).toEqual(['a']);
  list(object(login, '7'));
  expect(woken).toEqual(['a']);
});

test('what is gone from a list was removed, what was never there was not', () => {
  const { watches, woken, list } = following();
  list();
  expect(woken).toEqual([]);
  watches.saw(login, '5');
  list();
  expect(woken).toEqual(['a']);
  list();
  expect(woken).toEqual(['a']);
});

test('a change between the read and the list is not lost', () => {
  const { watches, woken, list } = following();
  watches.saw(login, '5');
  list(object(login, '6'));
  expect(woken).toEqual(['a']);
});

test('an event of what was just read, or of an older version, wakes nobody', () => {
  const { watches, woken, sink } = following();
  watches.saw(login, '10');
  sink.changed(object(login, '10'));
  sink.changed(object(login, '9'));
  expect(woken).toEqual([]);
  sink.changed(object(login, '11'));
  sink.deleted(object(login, '12'));
  sink.changed(object(login, '13'));
  expect(woken).toEqual(['a', 'a', 'a']);
});

test('a ConfigMap of the same name is another thing', () => {
  const { watches, woken, sink } = following();
  watches.follow(relay('b'), [configMap('mail', 'login')]);
  sink.changed(object(login, '11'));
  expect(woken).toEqual(['a']);
});

test("one relay's read that is ahead of the watch wakes the others that follow", () => {
  const { watches, woken, sink } = watching('Cluster');
  const shared = configMap('mail', 'bundle');
  for (const name of ['a', 'b']) watches.follow(relay(name), [shared]);
  sink('watch configmaps in all namespaces').changed(object(shared, '10'));
  woken.length = 0;
  watches.saw(shared, '10');
  expect(woken).toEqual([]);
  watches.saw(shared, '11');
  sink('watch configmaps in all namespaces').changed(object(shared, '11'));
  expect(woken).toEqual(['a', 'b']);
});
