// A directory with a relay, a policy and an account, as a user would declare them, and an operator's state beside it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority } from '../../demo/authority.ts';
import { createDirectoryStore } from '../../src/store/directory/directory-store.ts';
import type { DirectoryStore } from '../../src/store/directory/open-store.ts';
import { serverCertificate, startMailServer } from '../end-to-end/servers.ts';
import type { MailScript } from '../smtp/mail-script.ts';
import { temporaryDirectory } from '../store/directory/temporary-directory.ts';
import { relaykeeper } from './from-sources.ts';

export const accountPassword = 'canary-Xk31pQ';
const day = 86_400_000;

export async function createNotificationWorld() {
  const directory = temporaryDirectory();
  const state = join(directory, '.relaykeeper');
  mkdirSync(state);
  const declare = (name: string, ...objects: readonly object[]) =>
    writeFileSync(join(directory, `${name}.json`), JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  return {
    directory,
    state,
    declare,
    run: (...args: readonly string[]) => relaykeeper(...args, '--directory', directory),
    /** What an operator sees; it holds the state directory until the signal aborts. */
    async open(signal: AbortSignal): Promise<DirectoryStore> {
      const opened = await createDirectoryStore({ directory, stateDirectory: state, now: Date.now });
      if (opened.kind === 'failed') throw new Error(opened.message);
      const ignore = () => undefined;
      await opened.store.startPolicies({ policyChanged: ignore, accountChanged: ignore, problem: ignore }, signal);
      return opened.store;
    },
  };
}

/** A mail server with TLS, and the relay that trusts it. */
export async function encryptedRelay(script: MailScript = {}) {
  const authority = await createAuthority({ name: 'Mail CA' });
  const server = await startMailServer({ tls: await serverCertificate(authority), ...script });
  const ca = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'ca', namespace: 'mail' },
    stringData: { 'ca.crt': authority.certificatePem },
  };
  const spec = { tls: { caSecretRef: { name: 'ca' } }, host: '127.0.0.1', port: server.port };
  return { server, objects: [ca, relay(spec)] };
}

export function relay(spec: object, name = 'corporate'): object {
  return {
    ...head('SmtpRelay', name),
    spec: { sender: { address: 'portal@example.com', name: 'Guest Portal' }, ...spec },
  };
}

export function policy(spec: object, name = 'guests'): object {
  return { ...head('NotificationPolicy', name), spec: { relayRef: { name: 'corporate' }, ...spec } };
}

export function credentialsRule(more: object = {}): object {
  return {
    name: 'guest-credentials',
    selector: { matchLabels: { 'relaykeeper.dev/account': 'guest' } },
    triggers: ['AccountCreated', 'PasswordReset'],
    password: 'Include',
    ...more,
  };
}

export function reminderRule(more: object = {}): object {
  return {
    name: 'guest-expiry',
    subjects: { accounts: { selector: { matchLabels: { 'relaykeeper.dev/account': 'guest' } }, expiry: 'AccountEnd' } },
    daysBefore: [7, 1],
    schedule: '0 8 * * *',
    ...more,
  };
}

export function alarmRule(more: object = {}): object {
  return {
    name: 'production',
    sources: { relays: true },
    groupBy: ['alertname', 'namespace'],
    timeZone: 'Asia/Tokyo',
    links: [{ name: 'Logs', url: 'https://logs.example.com/?q={{ groupLabels.namespace }}' }],
    notify: { addresses: ['oncall@example.com'] },
    ...more,
  };
}

export function account(name: string, values: Readonly<Record<string, string>> = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'relaykeeper.dev/account',
    metadata: {
      name,
      namespace: 'mail',
      labels: { 'relaykeeper.dev/account': 'guest' },
      creationTimestamp: new Date(Date.now() - 100 * day).toISOString(),
    },
    stringData: { username: name, password: accountPassword, email: `${name}@example.com`, ...values },
  };
}

export function inDays(count: number): string {
  return new Date(Date.now() + count * day).toISOString();
}

function head(kind: string, name: string) {
  return { apiVersion: 'relaykeeper.dev/v1alpha1', kind, metadata: { name, namespace: 'mail' } };
}
