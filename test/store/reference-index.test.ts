import { expect, test } from 'vitest';
import { createReferenceIndex } from '../../src/store/reference-index.ts';
import type { Reference } from '../../src/store/store.ts';

const corporate = { namespace: 'mail', name: 'corporate' };
const backup = { namespace: 'mail', name: 'backup' };
const login: Reference = { kind: 'Secret', namespace: 'mail', name: 'login' };
const bundle: Reference = { kind: 'ConfigMap', namespace: 'mail', name: 'login' };

test('a reference wakes every relay that follows it, and no other', () => {
  const index = createReferenceIndex();
  index.follow(corporate, [login]);
  index.follow(backup, [login, bundle]);
  expect(index.followersOf(login)).toEqual([corporate, backup]);
  expect(index.followersOf(bundle)).toEqual([backup]);
  expect(index.followersOf({ ...login, namespace: 'other' })).toEqual([]);
});

test('following replaces what was followed before', () => {
  const index = createReferenceIndex();
  index.follow(corporate, [login]);
  index.follow(corporate, [bundle]);
  expect(index.followersOf(login)).toEqual([]);
  expect(index.followersOf(bundle)).toEqual([corporate]);
});

test('it tells what gained its first and what lost its last follower', () => {
  const index = createReferenceIndex();
  expect(index.follow(corporate, [login, login])).toEqual({ added: [login], removed: [] });
  expect(index.follow(backup, [login])).toEqual({ added: [], removed: [] });
  expect(index.follow(corporate, [bundle])).toEqual({ added: [bundle], removed: [] });
  expect(index.follow(backup, [])).toEqual({ added: [], removed: [login] });
  expect(index.follow(corporate, [bundle])).toEqual({ added: [], removed: [] });
});
