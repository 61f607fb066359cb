import { expect, test } from 'vitest';
import { createRecordSink } from '../../../src/store/kubernetes/record-sink.ts';

/** What the listener was told, in order, as `NAME@VERSION` and `NAME gone`. */
function setUp() {
  const told: string[] = [];
  const sink = createRecordSink({
    changed: ({ name, version }) => told.push(`${name}@${version}`),
    gone: (name) => told.push(`${name} gone`),
  });
  return { sink, told };
}

function secret(name: string, version: number, uid = name): object {
  return { metadata: { name, uid, resourceVersion: String(version) } };
}

test('what is listed and watched is told', () => {
  const { sink, told } = setUp();
  sink.listStarted();
  sink.listed([secret('a', 1), secret('b', 2)]);
  sink.listComplete();
  sink.changed(secret('a', 3));
  sink.deleted(secret('b', 4));
  expect(told).toEqual(['a@1', 'b@2', 'a@3', 'b gone']);
});

test('our own write is told at once, and what the watch tells of it later is not', () => {
  const { sink, told } = setUp();
  sink.written(secret('a', 1));
  sink.written(secret('a', 5));
  sink.changed(secret('a', 1));
  sink.changed(secret('a', 5));
  sink.changed(secret('a', 6));
  expect(told).toEqual(['a@1', 'a@5', 'a@6']);
});

test('what we removed does not come back by what the watch tells late', () => {
  const { sink, told } = setUp();
  sink.written(secret('a', 1));
  sink.removed('a');
  sink.changed(secret('a', 1));
  sink.changed(secret('a', 2));
  sink.deleted(secret('a', 3));
  expect(told).toEqual(['a@1', 'a gone']);
});

test('one made again under the name of one that we removed is told, and stays when the old one is told to be gone', () => {
  const { sink, told } = setUp();
  sink.written(secret('a', 1, 'first'));
  sink.removed('a');
  sink.written(secret('a', 4, 'second'));
  sink.deleted(secret('a', 3, 'first'));
  expect(told).toEqual(['a@1', 'a gone', 'a@4']);
});

test('a list that was asked for before our write does not undo it', () => {
  const { sink, told } = setUp();
  sink.written(secret('gone', 1));
  sink.listStarted();
  sink.written(secret('new', 9));
  sink.removed('gone');
  sink.listed([secret('gone', 1)]);
  sink.listComplete();
  expect(told).toEqual(['gone@1', 'new@9', 'gone gone']);
});

test('what a later list no longer has is gone, and an older version in it is taken: a cluster was restored', () => {
  const { sink, told } = setUp();
  sink.changed(secret('a', 7));
  sink.changed(secret('b', 8));
  sink.listStarted();
  sink.listed([secret('a', 3)]);
  sink.listComplete();
  expect(told).toEqual(['a@7', 'b@8', 'a@3', 'b gone']);
});
