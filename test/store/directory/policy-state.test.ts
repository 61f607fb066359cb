// What policies look at in a directory, beyond what every adapter does: state files, broken manifests, two listeners.
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Account } from '../../../src/api/account.ts';
import { createDirectoryStore } from '../../../src/store/directory/directory-store.ts';
import { eventually } from '../eventually.ts';
import { type Folders, newFolders, relayText, writeFile } from './opened-store.ts';

interface Choices {
  readonly now?: () => number;
  readonly readOnly?: boolean;
}

/** Only policies are started. */
async function opened({ directory, stateDirectory }: Folders, { now = Date.now, readOnly = false }: Choices = {}) {
  const result = await createDirectoryStore({ directory, stateDirectory, pollInterval: 200, now, readOnly });
  if (result.kind === 'failed') throw new Error(result.message);
  const { store } = result;
  const told: string[] = [];
  const problems = new Map<string, string>();
  const end = new AbortController();
  onTestFinished(() => end.abort());
  await store.startPolicies(
    {
      policyChanged: ({ name }) => void told.push(`policy ${name}`),
      accountChanged: ({ name }) => void told.push(`account ${name}`),
      problem({ subject, message }) {
        if (message === undefined) problems.delete(subject);
        else problems.set(subject, message);
      },
    },
    end.signal,
  );
  const account = (name: string): Account | undefined =>
    store
      .accounts('mail')
      .flatMap((each) => (each.kind === 'account' ? [each.account] : []))
      .find((each) => each.name === name);
  return { store, told, problems, account, end: () => end.abort() };
}

function policyText(name: string): string {
  return `apiVersion: relaykeeper.dev/v1alpha1
kind: NotificationPolicy
metadata: { name: ${name}, namespace: mail }
spec: { relayRef: { name: corporate } }
`;
}

function accountText(name: string, more = ''): string {
  return `apiVersion: v1
kind: Secret
metadata: { name: ${name}, namespace: mail${more} }
type: relaykeeper.dev/account
stringData: { username: ${name}, password: hush-canary, email: ${name}@example.com }
`;
}

const monday = Date.parse('2026-11-23T08:00:00Z');
const tuesday = monday + 86_400_000;

test('a policy has its status file beside those of relays, and it goes with the policy', async () => {
  const folders = newFolders();
  const file = writeFile(folders.directory, 'guests.yaml', policyText('guests'));
  const first = await opened(folders);
  const guests = first.store.getPolicy({ namespace: 'mail', name: 'guests' });
  if (!guests) throw new Error('no policy');
  await first.store.writePolicyStatus(guests, { observedGeneration: 1, totals: { sent: 3, failed: 0, pending: 0 } });
  const status = join(folders.stateDirectory, 'status', 'mail', 'NotificationPolicy', 'guests.yaml');
  expect(readFileSync(status, 'utf8')).toMatch(/kind: NotificationPolicy(.|\n)*sent: 3/);
  first.end();
  rmSync(file);
  await opened(folders);
  expect(existsSync(status)).toBe(false);
});

test('a status file that the schema refuses counts as none', async () => {
  const folders = newFolders();
  writeFile(folders.directory, 'guests.yaml', policyText('guests'));
  writeFile(folders.stateDirectory, 'status/mail/NotificationPolicy/guests.yaml', 'status: { totals: many }');
  const { store } = await opened(folders);
  expect(store.getPolicy({ namespace: 'mail', name: 'guests' })?.status).toBeUndefined();
});

test.each([
  ['start', 'startPolicies'],
  ['startPolicies', 'start'],
] as const)('one store serves both, %s before %s, from the same files', async (first, second) => {
  const folders = newFolders();
  writeFile(folders.directory, 'all.yaml', [relayText('one'), policyText('guests')].join('---\n'));
  const result = await createDirectoryStore({ ...folders, pollInterval: 200, now: Date.now });
  if (result.kind === 'failed') throw new Error(result.message);
  const { store } = result;
  const end = new AbortController();
  onTestFinished(() => end.abort());
  const told: string[] = [];
  const starts = {
    start: () => store.start({ relayChanged: ({ name }) => void told.push(name), problem: () => {} }, end.signal),
    startPolicies: () =>
      store.startPolicies(
        {
          policyChanged: ({ name }) => void told.push(name),
          accountChanged: ({ name }) => void told.push(name),
          problem: () => {},
        },
        end.signal,
      ),
  };
  await starts[first]();
  await starts[second]();
  expect([store.list().length, store.listPolicies().length]).toEqual([1, 1]);
  writeFile(folders.directory, 'more.yaml', [relayText('two'), policyText('more'), accountText('anna')].join('---\n'));
  await eventually('all are told', () => ['two', 'more', 'anna'].every((name) => told.includes(name)));
});

test('an account is as old as its first sight, over restarts, and anew once it had gone', async () => {
  const folders = newFolders();
  const file = writeFile(folders.directory, 'anna.yaml', accountText('anna'));
  writeFile(folders.directory, 'otto.yaml', accountText('otto', ', creationTimestamp: "2025-01-01T00:00:00Z"'));
  const first = await opened(folders, { now: () => monday });
  expect(first.account('anna')?.createdAt).toBe(monday);
  expect(first.account('otto')?.createdAt).toBe(Date.parse('2025-01-01T00:00:00Z'));
  first.end();

  const second = await opened(folders, { now: () => tuesday });
  expect(second.account('anna')?.createdAt).toBe(monday);
  rmSync(file);
  await eventually('it goes', () => second.account('anna') === undefined);
  writeFile(folders.directory, 'anna.yaml', accountText('anna'));
  await eventually('it comes', () => second.account('anna') !== undefined);
  expect(second.account('anna')?.createdAt).toBe(tuesday);
  second.end();

  rmSync(file);
  (await opened(folders, { now: () => tuesday })).end();
  writeFile(folders.directory, 'anna.yaml', accountText('anna'));
  const last = await opened(folders, { now: () => tuesday + 1_000 });
  expect(last.account('anna')?.createdAt).toBe(tuesday + 1_000);
});

test('an account that moves to another file is no younger for it', async () => {
  const folders = newFolders();
  const file = writeFile(folders.directory, 'one.yaml', accountText('anna'));
  let now = monday;
  const { account, problems } = await opened(folders, { now: () => now });
  now = tuesday;
  writeFile(folders.directory, 'two.yaml', accountText('anna'));
  await eventually('it is there twice', () => problems.has('Secret mail/anna'));
  rmSync(file);
  await eventually('it is there once', () => problems.size === 0);
  expect(account('anna')?.createdAt).toBe(monday);
});

test('a damaged line in accounts.jsonl costs that line alone', async () => {
  const folders = newFolders();
  for (const name of ['anna', 'otto']) writeFile(folders.directory, `${name}.yaml`, accountText(name));
  (await opened(folders, { now: () => monday })).end();
  const path = join(folders.stateDirectory, 'accounts.jsonl');
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  expect(lines).toHaveLength(2);
  writeFileSync(path, `${lines[0]}\n${lines[1]?.slice(0, 20)}`);
  const { account } = await opened(folders, { now: () => tuesday });
  const ages = [account('anna')?.createdAt, account('otto')?.createdAt].sort();
  expect(ages).toEqual([monday, tuesday]);
});

test('a file with an error keeps its accounts, and what is not listed may be there all the same', async () => {
  const folders = newFolders();
  writeFile(folders.directory, 'anna.yaml', accountText('anna'));
  const { store, account, problems } = await opened(folders, { now: () => monday });
  expect(store.accountsComplete('mail')).toBe(true);
  writeFile(folders.directory, 'anna.yaml', accountText('anna').replace('kind:', 'kind'));
  await eventually('the error is told', () => problems.size > 0);
  expect(account('anna')?.createdAt).toBe(monday);
  expect(store.accountsComplete('mail')).toBe(false);
  expect(store.policiesComplete('mail')).toBe(false);
  expect(store.whyUnseen('accounts', 'mail')).toBeUndefined();
  expect([...problems.values()].join('\n')).not.toContain('canary');
});

test('nothing in the state directory shows a password', async () => {
  const folders = newFolders();
  writeFile(folders.directory, 'all.yaml', [policyText('guests'), accountText('anna')].join('---\n'));
  const { store } = await opened(folders);
  const guests = store.getPolicy({ namespace: 'mail', name: 'guests' });
  if (!guests) throw new Error('no policy');
  await store.writePolicyStatus(guests, { observedGeneration: 1 });
  await store.recordAccountEvent({ account: { namespace: 'mail', name: 'anna' }, reason: 'AccountInvalid', note: '' });
  const files = readdirSync(folders.stateDirectory, { recursive: true, withFileTypes: true }).filter((e) => e.isFile());
  expect(files.map(({ name }) => name).sort()).toEqual([
    '.gitignore',
    'accounts.jsonl',
    'events.jsonl',
    'guests.yaml',
    'key',
    'lock',
  ]);
  for (const { parentPath, name } of files)
    expect(readFileSync(join(parentPath, name), 'utf8')).not.toContain('canary');
});

test("a namespace that is only named exists without labels; what has no name is nobody's problem", async () => {
  const folders = newFolders();
  writeFile(folders.directory, 'guests.yaml', policyText('guests'));
  writeFile(
    folders.directory,
    'kustomization.yaml',
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n',
  );
  writeFile(folders.directory, 'lease.yaml', 'apiVersion: v1\nkind: Pod\nmetadata: { name: one, namespace: other }\n');
  const { store, problems } = await opened(folders);
  expect([...store.namespaces()].sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual([
    { name: 'mail', labels: {}, annotations: {} },
    { name: 'other', labels: {}, annotations: {} },
  ]);
  expect([...problems]).toEqual([]);
});

test('objects of other kinds in two files are no problem; the first by path counts', async () => {
  const folders = newFolders();
  const pod = (node: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: one, namespace: mail }\nspec: { nodeName: ${node} }\n`;
  writeFile(folders.directory, 'b.yaml', pod('second'));
  writeFile(folders.directory, 'a.yaml', pod('first'));
  const { store, problems } = await opened(folders);
  const list = await store.resources({ apiVersion: 'v1', kind: 'Pod' }, 'mail');
  expect(list).toMatchObject({ kind: 'found', resources: [{ name: 'one', object: { spec: { nodeName: 'first' } } }] });
  expect([...problems]).toEqual([]);
});

test('read-only, a store looks beside the one that runs, and leaves the state directory as it is', async () => {
  const folders = newFolders();
  writeFile(folders.directory, 'all.yaml', [policyText('guests'), accountText('anna')].join('---\n'));
  const running = await opened(folders, { now: () => monday });
  const guests = running.store.getPolicy({ namespace: 'mail', name: 'guests' });
  if (!guests) throw new Error('no policy');
  await running.store.writePolicyStatus(guests, { observedGeneration: 1 });
  const mark = running.account('anna')?.passwordMark;
  writeFile(folders.stateDirectory, 'status/mail/NotificationPolicy/orphan.yaml', 'status: {}');
  const before = treeOf(folders.stateDirectory);

  const looking = await opened(folders, { now: () => tuesday, readOnly: true });
  expect(looking.account('anna')).toMatchObject({ createdAt: monday, passwordMark: mark });
  const seen = looking.store.getPolicy({ namespace: 'mail', name: 'guests' });
  if (!seen) throw new Error('no policy');
  expect(seen.status).toEqual({ observedGeneration: 1 });
  expect(seen.metadata.uid).toBe(guests.metadata.uid);
  expect(await looking.store.writePolicyStatus(seen, { observedGeneration: 2 })).toMatchObject({ kind: 'unavailable' });
  looking.end();
  expect(treeOf(folders.stateDirectory)).toEqual(before);
});

test('read-only, a state directory that is not there yet is none to make', async () => {
  const folders = { directory: newFolders().directory, stateDirectory: join(newFolders().stateDirectory, 'absent') };
  writeFile(folders.directory, 'all.yaml', [policyText('guests'), accountText('anna')].join('---\n'));
  const { store, problems, account } = await opened(folders, { readOnly: true });
  expect(store.listPolicies()).toEqual([{ namespace: 'mail', name: 'guests' }]);
  expect(account('anna')).toBeDefined();
  expect([...problems]).toEqual([]);
  expect(existsSync(folders.stateDirectory)).toBe(false);
});

/** Texts by name. */
function treeOf(directory: string): Map<string, string> {
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(files.map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'latin1')]));
}
