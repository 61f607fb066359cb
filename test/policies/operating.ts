// The operator on a directory, as `run --directory` wires it, with mail servers that keep what they were sent.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { dump } from 'js-yaml';
import { simpleParser } from 'mailparser';
import { expect, onTestFinished } from 'vitest';
import { brokenLaws } from '../../src/api/conditions.ts';
import type { NotificationPolicyStatus } from '../../src/api/notification-policy.ts';
import { openDirectoryAlarms } from '../../src/cli/directory-alarms.ts';
import { openDirectoryMail } from '../../src/cli/directory-mail.ts';
import type { Settled } from '../../src/mail/delivery/deliverer.ts';
import type { Outbox } from '../../src/mail/outbox/outbox.ts';
import { type PolicyRun, runPolicies } from '../../src/policies/run-policies.ts';
import { createLoginGuard } from '../../src/relays/login-guard.ts';
import { runRelays } from '../../src/relays/run-relays.ts';
import { systemTimer } from '../../src/relays/timer.ts';
import { createTokenSource } from '../../src/smtp/oauth/token-source.ts';
import { probe } from '../../src/smtp/probe.ts';
import { systemClock } from '../../src/store/clock.ts';
import { createDirectoryStore } from '../../src/store/directory/directory-store.ts';
import type { DirectoryStore } from '../../src/store/directory/open-store.ts';
import type { Inbox } from '../../src/store/inbox.ts';
import type { StoreProblem } from '../../src/store/store.ts';
import { startHostileServer } from '../smtp/hostile-server.ts';
import { type MailScript, mailScript } from '../smtp/mail-script.ts';
import { type Folders, newFolders, writeFile } from '../store/directory/opened-store.ts';

export interface Sink {
  readonly port: number;
  /** As they came. */
  readonly messages: readonly string[];
  stop(): Promise<void>;
}

export async function startSink(script: Omit<MailScript, 'onMessage'> = {}, port = 0): Promise<Sink> {
  const messages: string[] = [];
  const server = await startHostileServer(
    mailScript({ ...script, onMessage: (message) => messages.push(message) }),
    '127.0.0.1',
    port,
  );
  onTestFinished(server.stop);
  return { port: server.port, messages, stop: server.stop };
}

export interface Operator {
  readonly store: DirectoryStore;
  readonly outbox: Outbox;
  readonly inbox: Inbox;
  readonly run: PolicyRun;
  readonly settled: readonly Settled[];
  readonly logged: readonly string[];
  status(name?: string): NotificationPolicyStatus | undefined;
  ready(name?: string): string;
  stop(): Promise<void>;
}

export interface OperatorOptions {
  readonly folders: Folders;
  readonly now?: () => number;
  /** Absent: a problem fails the test. */
  readonly problem?: (problem: StoreProblem) => void;
  /** Errors in the log that are meant to be there. */
  readonly mayFail?: RegExp;
}

export async function startOperator({
  folders,
  now = Date.now,
  problem = unexpected,
  mayFail = /^$/,
}: OperatorOptions): Promise<Operator> {
  const clock = { ...systemClock, now };
  const opened = await createDirectoryStore({ ...folders, pollInterval: 100, now });
  if (opened.kind === 'failed') throw new Error(opened.message);
  const { store } = opened;
  const mail = await openDirectoryMail({ ...folders, clock, random: Math.random, problem: unexpected });
  if (mail.kind === 'failed') throw new Error(mail.message);
  const alarms = await openDirectoryAlarms({ ...folders, clock, problem: unexpected }, store);
  const settled: Settled[] = [];
  const logged: string[] = [];
  const log = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`);
  const logs = { info: log, warn: log, error: (fields: object, message: string) => log(fields, `error: ${message}`) };
  const settings = {
    concurrentProbes: 8,
    statusHeartbeat: 900_000,
    ehloName: 'operator.example.com',
    hostName: undefined,
    deniedCidrs: [],
    allowedRelayHosts: [],
    allowedTokenHosts: [],
  };
  const logins = createLoginGuard();
  const tokens = createTokenSource({});
  const stop = new AbortController();
  const common = { store, settings, tokens, logins, log: logs, random: Math.random };
  const seen = new Map<string, NotificationPolicyStatus>();
  const broken: string[] = [];
  const run = await runPolicies(
    {
      ...common,
      relays: store,
      outbox: mail.outbox,
      ledger: mail.ledger,
      history: mail.history,
      clock,
      identity: 'here',
      mayRemind: () => true,
      alarms: { ...alarms, mayAlarm: () => true },
      grace: 5_000,
    },
    stop.signal,
    {
      onSettled: (event) => settled.push(event),
      onProblem: problem,
      onPolicyChange(key) {
        const stored = store.getPolicy(key);
        if (!stored?.status) return;
        broken.push(...brokenLaws(stored.status, seen.get(stored.metadata.uid)));
        seen.set(stored.metadata.uid, stored.status);
      },
    },
  );
  const relays = await runRelays(
    { ...common, probe, now: Date.now, mayAct: () => true, setTimer: systemTimer, recall: true },
    stop.signal,
    {
      onChange: run.relayChanged,
    },
  );
  let stopped: Promise<void> | undefined;
  const end = () => {
    stopped ??= (async () => {
      stop.abort();
      await Promise.all([relays.ended, run.ended]);
      await mail.history.close();
      await mail.outbox.close();
      await alarms.inbox.close();
      run.close();
    })();
    return stopped;
  };
  onTestFinished(async () => {
    await end();
    expect(broken).toEqual([]);
    expect(logged.filter((line) => line.startsWith('error:') && !mayFail.test(line))).toEqual([]);
  });
  const status = (name = 'guests') => store.getPolicy({ namespace: 'mail', name })?.status;
  return {
    store,
    outbox: mail.outbox,
    inbox: alarms.inbox,
    run,
    settled,
    logged,
    status,
    ready(name) {
      const found = status(name)?.conditions?.find(({ type }) => type === 'Ready');
      return found ? `${found.status} ${found.reason}` : '';
    },
    stop: end,
  };
}

function unexpected({ message }: { readonly message: string | undefined }): void {
  if (message !== undefined) throw new Error(message);
}

export async function until<Value>(what: string, look: () => Value | Promise<Value>): Promise<NonNullable<Value>> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const found = await look();
    if (found) return found as NonNullable<Value>;
    if (Date.now() > deadline) throw new Error(`did not come: ${what}`);
    await wait(20);
  }
}

/** All that was recorded so far, as lines of JSON. */
export function eventsOf({ stateDirectory }: Folders): string {
  const path = join(stateDirectory, 'events.jsonl');
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

/** Mails that came, parsed. */
export async function mailsOf(sink: Pick<Sink, 'messages'>) {
  return Promise.all(sink.messages.map((message) => simpleParser(message)));
}

export function folders(): Folders {
  return newFolders();
}

export function put({ directory }: Folders, name: string, ...objects: readonly object[]): void {
  writeFile(directory, `${name}.yaml`, objects.map((object) => `---\n${dump(object)}`).join(''));
}

export function relay(name: string, port: number, more: Record<string, unknown> = {}): object {
  return {
    apiVersion: 'relaykeeper.dev/v1alpha1',
    kind: 'SmtpRelay',
    metadata: { name, namespace: 'mail' },
    spec: {
      host: '127.0.0.1',
      port,
      tls: { mode: 'None' },
      sender: { address: 'portal@example.com', name: 'Guest Portal' },
      probe: { interval: '10s', depth: 'Connect', failureThreshold: 1 },
      ...more,
    },
  };
}

export function policy(spec: Record<string, unknown> = {}, metadata: Record<string, unknown> = {}): object {
  return {
    apiVersion: 'relaykeeper.dev/v1alpha1',
    kind: 'NotificationPolicy',
    metadata: { name: 'guests', namespace: 'mail', ...metadata },
    spec: { relayRef: { name: 'corporate' }, ...spec },
  };
}

export function credentials(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    name: 'guest-credentials',
    selector: { matchLabels: { 'relaykeeper.dev/account': 'guest' } },
    password: 'Omit',
    ...more,
  };
}

export function account(name: string, values: Record<string, string> = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'relaykeeper.dev/account',
    metadata: { name, namespace: 'mail', labels: { 'relaykeeper.dev/account': 'guest' } },
    stringData: { username: name, password: `secret-of-${name}`, email: `${name}@example.com`, ...values },
  };
}
