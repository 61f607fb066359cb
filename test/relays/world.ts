// Relays that run in this process on a directory of manifests, with real servers and a clock that can jump. Every status
// that is written is held to the laws of conditions.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { brokenLaws } from '../../src/api/conditions.ts';
import { maxStatusBytes } from '../../src/api/fit-status.ts';
import { keyText } from '../../src/api/resource.ts';
import type { SmtpRelayStatus } from '../../src/api/smtp-relay.ts';
import type { OperatorSettings } from '../../src/relays/operator-settings.ts';
import { type RelayRun, runRelays } from '../../src/relays/run-relays.ts';
import { createTokenSource } from '../../src/smtp/oauth/token-source.ts';
import { probe } from '../../src/smtp/probe.ts';
import { createDirectoryStore } from '../../src/store/directory/directory-store.ts';
import type { Store, StoredRelay, TransitionEvent } from '../../src/store/store.ts';
import { type Folders, newFolders, writeFile } from '../store/directory/opened-store.ts';
import { eventually } from '../store/eventually.ts';
import { createJumpingClock, type JumpingClock } from './jumping-clock.ts';

export interface World {
  readonly folders: Folders;
  readonly clock: JumpingClock;
  readonly run: RelayRun;
  /** Every status written so far, by the relay's name. */
  writes(name: string): readonly SmtpRelayStatus[];
  readonly events: readonly TransitionEvent[];
  /** What was logged as an error. */
  readonly errors: readonly string[];
  declareRelay(name: string, spec: object, annotations?: Record<string, string>): void;
  declareSecret(name: string, type: string, data: Record<string, string | Buffer>): void;
  remove(name: string): void;
  get(name: string): StoredRelay | undefined;
  status(name: string): SmtpRelayStatus;
  /** Waits until Ready of the present spec is this, such as `False ConnectionRefused`; gives the status. */
  untilReady(name: string, ready: string, wait?: { readonly within: number }): Promise<SmtpRelayStatus>;
  /** Lets what is under way come to its end, jumps ahead, and waits for what that leads to. */
  jump(milliseconds: number): Promise<void>;
  /** Resolves once nothing is under way any more. */
  stop(): Promise<void>;
}

export interface WorldOptions {
  readonly folders?: Folders;
  readonly clock?: JumpingClock;
  readonly settings?: Partial<OperatorSettings>;
  readonly recall?: boolean;
  /** Stands between the relays and their store. */
  readonly wrap?: (store: Store) => Store;
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const {
    folders = newFolders(),
    clock = createJumpingClock(),
    settings = {},
    recall = true,
    wrap = (store) => store,
  } = options;
  const opened = await createDirectoryStore({ ...folders, pollInterval: 100, now: clock.now });
  if (opened.kind === 'failed') throw new Error(opened.message);
  const record = recordingStore(opened.store);
  const errors: string[] = [];
  const end = new AbortController();
  const run = await runRelays(
    {
      store: wrap(record.store),
      probe,
      tokens: createTokenSource(),
      settings: { ...ordinary, ...settings },
      log: {
        info: () => undefined,
        warn: () => undefined,
        error: (fields, message) => errors.push(said(fields, message)),
      },
      now: clock.now,
      setTimer: clock.setTimer,
      random: () => 0.5,
      mayAct: () => true,
      recall,
    },
    end.signal,
  );
  const stop = async () => {
    end.abort();
    await run.ended;
  };
  onTestFinished(async () => {
    await stop();
    expect(record.broken).toEqual([]);
  });
  const get = (name: string) => opened.store.get({ namespace: 'mail', name });
  return {
    folders,
    clock,
    run,
    errors,
    events: record.events,
    writes: (name) => record.writes.get(`mail/${name}`) ?? [],
    declareRelay: (name, spec, annotations = {}) => declareRelay(folders, { name, spec, annotations }),
    declareSecret: (name, type, data) => declareSecret(folders, { name, type, data }),
    remove: (name) => rmSync(join(folders.directory, `${name}.yaml`)),
    get,
    status: (name) => get(name)?.status ?? {},
    untilReady: (name, ready, wait) =>
      eventually(`Ready of ${name} is ${ready}`, () => readyStatus(get(name), ready), wait).catch((error) => {
        throw new Error(`${error.message}; it is ${JSON.stringify(get(name)?.status?.conditions, null, 1)}\n${errors}`);
      }),
    async jump(milliseconds) {
      await run.settled();
      clock.jump(milliseconds);
      await run.settled();
    },
    stop,
  };
}

const ordinary: OperatorSettings = {
  concurrentProbes: 8,
  statusHeartbeat: 15 * 60_000,
  ehloName: 'relay.example.com',
  hostName: undefined,
  deniedCidrs: [],
  allowedRelayHosts: [],
  allowedTokenHosts: [],
};

function said(fields: object, message: string): string {
  return `${message} ${JSON.stringify(fields)}`;
}

/** JSON is YAML too. */
export function declareRelay(
  { directory }: Folders,
  { name, spec, annotations = {} }: { name: string; spec: object; annotations?: Record<string, string> },
): void {
  const metadata = { namespace: 'mail', name, annotations };
  const manifest = { apiVersion: 'relaykeeper.dev/v1alpha1', kind: 'SmtpRelay', metadata, spec };
  writeFile(directory, `${name}.yaml`, JSON.stringify(manifest));
}

export function declareSecret(
  { directory }: Folders,
  { name, type, data }: { name: string; type: string; data: Record<string, string | Buffer> },
): void {
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  const metadata = { namespace: 'mail', name };
  const manifest = { apiVersion: 'v1', kind: 'Secret', metadata, type, data: Object.fromEntries(encoded) };
  writeFile(directory, `${name}.yaml`, JSON.stringify(manifest));
}

function readyStatus(relay: StoredRelay | undefined, wanted: string): SmtpRelayStatus | undefined {
  const ready = relay?.status?.conditions?.find(({ type }) => type === 'Ready');
  if (!relay || !ready || ready.observedGeneration !== relay.metadata.generation) return undefined;
  return `${ready.status} ${ready.reason}` === wanted ? relay.status : undefined;
}

/** The store, with what is written through it; `broken` are laws that a status broke, by relay. */
function recordingStore(store: Store) {
  const writes = new Map<string, SmtpRelayStatus[]>();
  const events: TransitionEvent[] = [];
  const broken: string[] = [];
  const uids = new Map<string, string>();
  const judge = (key: StoredRelay['metadata'], status: SmtpRelayStatus) => {
    const isTheSame = uids.get(keyText(key)) === key.uid;
    uids.set(keyText(key), key.uid);
    const written = writes.get(keyText(key)) ?? [];
    const bytes = Buffer.byteLength(JSON.stringify(status));
    if (bytes > maxStatusBytes) broken.push(`${keyText(key)}: the status has ${bytes} bytes`);
    broken.push(...brokenLaws(status, isTheSame ? written.at(-1) : undefined).map((law) => `${keyText(key)}: ${law}`));
    writes.set(keyText(key), [...written, status]);
  };
  const recording: Store = {
    ...store,
    async writeStatus(relay, status) {
      const result = await store.writeStatus(relay, status);
      if (result.kind === 'written') judge(relay.metadata, status);
      return result;
    },
    async record(event) {
      events.push(event);
      await store.record(event);
    },
  };
  return { store: recording, writes, events, broken };
}
