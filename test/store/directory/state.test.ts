import { spawn, spawnSync } from 'node:child_process';
import { readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SmtpRelayStatus } from '../../../src/api/smtp-relay.ts';
import { createDirectoryStore } from '../../../src/store/directory/directory-store.ts';
import type { StoredRelay } from '../../../src/store/store.ts';
import { eventually } from '../eventually.ts';
import { newFolders, type OpenedStore, openedStore, relayText, secretText, writeFile } from './opened-store.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const status: SmtpRelayStatus = { observedGeneration: 1, consecutiveFailures: 3 };
const statusName = 'status/mail/SmtpRelay/one.yaml';

function one(opened: OpenedStore): StoredRelay {
  const relay = opened.get('one');
  if (!relay) throw new Error('no relay one');
  return relay;
}

async function withOne(): Promise<OpenedStore> {
  const folders = newFolders();
  writeFile(folders.directory, 'one.yaml', relayText('one'));
  return openedStore(folders);
}

describe('a status file', () => {
  test('reads like the resource in a cluster', async () => {
    const opened = await withOne();
    await opened.store.writeStatus(one(opened), status);
    expect(load(opened.readState(statusName))).toMatchObject({
      apiVersion: 'relaykeeper.dev/v1alpha1',
      kind: 'SmtpRelay',
      metadata: { namespace: 'mail', name: 'one', generation: 1, uid: one(opened).metadata.uid },
      status,
    });
    expect(readdirSync(join(opened.stateDirectory, 'status/mail/SmtpRelay'))).toEqual(['one.yaml']);
  });

  test('written by us wakes nobody', async () => {
    const opened = await withOne();
    await opened.store.writeStatus(one(opened), status);
    opened.write('two.yaml', relayText('two'));
    await eventually('the other relay', () => opened.woken.includes('mail/two'));
    await eventually('a later status of someone else', async () => {
      // At once: a file that is emptied and then filled is two changes.
      const written = writeFile(opened.directory, 'status.tmp', 'status: { consecutiveFailures: 9 }');
      renameSync(written, join(opened.stateDirectory, statusName));
      return one(opened).status?.consecutiveFailures === 9;
    });
    expect(opened.woken).toEqual(['mail/two', 'mail/one']);
  });

  test.each<[string, string | undefined]>([
    ['removed', undefined],
    ['emptied', ''],
    ['made no YAML', 'status: ['],
    ['made something that is no status', 'status: { conditions: 5 }'],
    ['made an alias bomb', 'a: &a [x]\nb: [*a, *a]\nstatus: {}'],
  ])('%s by someone else counts as none, so that it is written again', async (_name, text) => {
    const opened = await withOne();
    await opened.store.writeStatus(one(opened), status);
    const path = join(opened.stateDirectory, statusName);
    if (text === undefined) rmSync(path);
    else writeFileSync(path, text);
    await eventually('the relay is told', () => opened.woken.includes('mail/one'));
    expect(one(opened).status).toBeUndefined();
    expect(await opened.store.writeStatus(one(opened), status)).toEqual({ kind: 'written' });
    expect(load(opened.readState(statusName))).toMatchObject({ status });
  });

  test('goes with its relay, also where that went while no operator ran', async () => {
    const first = await withOne();
    first.write('two.yaml', relayText('two'));
    const two = await eventually('the second relay', () => first.get('two'));
    await first.store.writeStatus(one(first), status);
    await first.store.writeStatus(two, status);
    rmSync(join(first.directory, 'two.yaml'));
    const files = () => readdirSync(join(first.stateDirectory, 'status/mail/SmtpRelay'));
    await eventually('its status goes', () => files().length === 1);
    first.end();
    rmSync(join(first.directory, 'one.yaml'));
    await openedStore(first);
    expect(files()).toEqual([]);
  });

  test('stays where its relay is only hidden by a broken file', async () => {
    const first = await withOne();
    await first.store.writeStatus(one(first), status);
    first.end();
    first.write('one.yaml', 'kind: [');
    const second = await openedStore(first);
    expect(second.get('one')).toBeUndefined();
    second.write('one.yaml', relayText('one'));
    await eventually('the relay', () => second.get('one'));
    expect(one(second).status).toEqual(status);
  });

  test('that cannot be written is told with its path and why, and get shows the one before', async () => {
    const opened = await withOne();
    const folder = join(opened.stateDirectory, 'status/mail');
    writeFileSync(folder, 'a file where a directory must be');
    const result = await opened.store.writeStatus(one(opened), status);
    expect(result).toEqual({
      kind: 'unavailable',
      message: `${join(folder, 'SmtpRelay/one.yaml')} cannot be written: a part of its path is no directory (ENOTDIR).`,
    });
    expect(one(opened).status).toBeUndefined();
    rmSync(folder);
    expect(await opened.store.writeStatus(one(opened), status)).toEqual({ kind: 'written' });
  });

  test('on a full disk is told as that, and the one before stays whole', async (context) => {
    const folders = newFolders();
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folders.stateDirectory]);
    if (mounted.status !== 0) context.skip('mounting a small file system needs root');
    onTestFinished(() => void spawnSync('umount', ['--lazy', folders.stateDirectory]));
    writeFile(folders.directory, 'one.yaml', relayText('one'));
    const opened = await openedStore(folders);
    await opened.store.writeStatus(one(opened), status);
    const before = opened.readState(statusName);
    expect(() => writeFileSync(join(folders.stateDirectory, 'filler'), Buffer.alloc(100_000))).toThrow('ENOSPC');
    const result = await opened.store.writeStatus(one(opened), { ...status, consecutiveFailures: 4 });
    expect(result).toEqual({
      kind: 'unavailable',
      message: `${join(folders.stateDirectory, statusName)} cannot be written: no space left on the device (ENOSPC).`,
    });
    expect(opened.readState(statusName)).toBe(before);
    expect(one(opened).status).toEqual(status);
    expect(readdirSync(join(folders.stateDirectory, 'status/mail/SmtpRelay'))).toEqual(['one.yaml']);
  });

  test('is not written once the store is closed', async () => {
    const opened = await withOne();
    opened.end();
    expect(await opened.store.writeStatus(one(opened), status)).toMatchObject({ kind: 'unavailable' });
  });
});

describe('generations', () => {
  test('count on over restarts, also for a spec that changed while no operator ran', async () => {
    const first = await withOne();
    first.write('one.yaml', relayText('one', 'second.example.com'));
    await eventually('the second spec', () => first.host('one') === 'second.example.com');
    await first.store.writeStatus(one(first), status);
    first.end();

    const second = await openedStore(first);
    expect(one(second).metadata.generation).toBe(2);
    second.end();
    first.write('one.yaml', relayText('one', 'third.example.com'));
    const third = await openedStore(first);
    expect(one(third).metadata.generation).toBe(3);
    expect(one(third).metadata.uid).toBe(one(first).metadata.uid);
  });

  test('do not count a comment, another order of fields or a move to another file', async () => {
    const opened = await withOne();
    opened.write('other/place.json', JSON.stringify(load(relayText('one'))));
    await eventually('both places', () => opened.problems.size === 1);
    opened.write('one.yaml', '# moved\n');
    await eventually('the move', () => opened.problems.size === 0);
    expect(one(opened).metadata.generation).toBe(1);
    expect(opened.woken).toEqual([]);
  });
});

describe('versions of a Secret', () => {
  test('do not tell what is in it, and are the same after a restart', async () => {
    const folders = newFolders();
    writeFile(folders.directory, 'a.yaml', `${secretText('same', 'hunter2')}`);
    writeFile(folders.directory, 'b.yaml', `${secretText('same', 'hunter2').replace('mail', 'other')}`);
    const version = async (opened: OpenedStore, namespace: string) => {
      const read = await opened.store.read({ kind: 'Secret', namespace, name: 'same' });
      return read.kind === 'found' ? read.object.resourceVersion : read.kind;
    };
    const first = await openedStore(folders);
    const before = await version(first, 'mail');
    first.end();
    expect(await version(await openedStore(folders), 'mail')).toBe(before);
    const elsewhere = await openedStore({ ...folders, stateDirectory: temporaryDirectory() });
    expect(await version(elsewhere, 'mail')).not.toBe(before);
    expect(statSync(join(folders.stateDirectory, 'key')).mode & 0o777).toBe(0o600);
  });

  test('nothing in the state directory holds a value', async () => {
    const opened = await withOne();
    opened.write('secret.yaml', secretText('login', 'hunter2-in-the-clear'));
    await eventually('the Secret', async () => {
      return (await opened.store.read({ kind: 'Secret', namespace: 'mail', name: 'login' })).kind === 'found';
    });
    await opened.store.writeStatus(one(opened), status);
    for (const file of readdirSync(opened.stateDirectory, { recursive: true, withFileTypes: true })) {
      if (file.isFile()) {
        expect(opened.readState(join(file.parentPath, file.name).slice(opened.stateDirectory.length))).not.toContain(
          'hunter2',
        );
      }
    }
  });
});

describe('the state directory', () => {
  test('may lie among the manifests and is not read as such', async () => {
    const { directory } = newFolders();
    writeFile(directory, 'one.yaml', relayText('one'));
    const opened = await openedStore({ directory, stateDirectory: join(directory, 'state') });
    await opened.store.writeStatus(one(opened), status);
    opened.write('two.yaml', relayText('two'));
    await eventually('the other relay', () => opened.get('two'));
    expect(opened.problems.size).toBe(0);
  });

  test('is for one operator at a time', async () => {
    const first = await withOne();
    const second = await createDirectoryStore({ ...first, now: Date.now });
    expect(second).toMatchObject({ kind: 'failed', message: expect.stringContaining(`process ${process.pid}`) });
    first.end();
    await openedStore(first);
  });

  test('is taken over from a process that died', async () => {
    const folders = newFolders();
    const child = spawn('sleep', ['60']);
    const { pid } = child;
    const lock = (started: string) => JSON.stringify({ pid, started, host: hostname(), since: 'then' });
    // The id lives but is another process's now: it was started at another time.
    writeFileSync(join(folders.stateDirectory, 'lock'), lock('1'));
    (await openedStore(folders)).end();
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    writeFileSync(join(folders.stateDirectory, 'lock'), lock(''));
    (await openedStore(folders)).end();
    expect(readdirSync(folders.stateDirectory)).not.toContain('lock');
  });

  test('is taken over from another host only once its lock was not touched for a minute', async () => {
    const folders = newFolders();
    const lock = join(folders.stateDirectory, 'lock');
    writeFileSync(lock, JSON.stringify({ pid: 1, started: '1', host: 'elsewhere', since: 'then' }));
    const refused = await createDirectoryStore({ ...folders, now: Date.now });
    expect(refused).toMatchObject({ kind: 'failed', message: expect.stringContaining('process 1 on elsewhere') });
    const longAgo = Date.now() / 1000 - 61;
    utimesSync(lock, longAgo, longAgo);
    await openedStore(folders);
  });

  test('that cannot be used, or manifests that are not there, are refused with words', async () => {
    const folders = newFolders();
    const file = writeFile(folders.directory, 'file', '');
    const open = (changed: object) => createDirectoryStore({ ...folders, now: Date.now, ...changed });
    expect(await open({ stateDirectory: join(file, 'state') })).toMatchObject({
      message: `The state directory ${join(file, 'state')} cannot be used: a part of its path is no directory (ENOTDIR). Give a writable one with --state.`,
    });
    expect(await open({ directory: file })).toMatchObject({ message: expect.stringContaining('is no directory') });
    expect(await open({ directory: '/no/such' })).toMatchObject({ message: expect.stringContaining('does not exist') });
  });
});

test('events are lines of JSON', async () => {
  const opened = await withOne();
  const event = {
    regarding: one(opened),
    type: 'Warning',
    reason: 'HostNotFound',
    action: 'Probe',
    note: 'a\nnote',
  } as const;
  await Promise.all([opened.store.record(event), opened.store.record({ ...event, note: 'second' })]);
  const lines = opened.readState('events.jsonl').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { kind: 'SmtpRelay', namespace: 'mail', name: 'one', type: 'Warning', reason: 'HostNotFound', note: 'a\nnote' },
    { note: 'second' },
  ]);
});
