// The demo's relays under the real operator: each shows what it is there to show, and heals as its file says.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Demo, startDemo } from '../../demo/demo.ts';
import { demoRelays } from '../../demo/relays.ts';
import { brokenLaws } from '../../src/api/conditions.ts';
import type { SmtpRelayStatus } from '../../src/api/smtp-relay.ts';
import { type RelayRun, runRelays } from '../../src/relays/run-relays.ts';
import { systemTimer } from '../../src/relays/timer.ts';
import { createTokenSource } from '../../src/smtp/oauth/token-source.ts';
import { probe } from '../../src/smtp/probe.ts';
import { createDirectoryStore } from '../../src/store/directory/directory-store.ts';
import type { Store } from '../../src/store/store.ts';

const outcomes: Readonly<Record<string, string>> = {
  plain: 'True Succeeded',
  starttls: 'True Succeeded',
  'implicit-tls': 'True Succeeded',
  'starttls-login': 'True Succeeded',
  'implicit-tls-login': 'True Succeeded',
  'certificate-ends-soon': 'True Succeeded',
  'untrusted-ca': 'False CertificateUntrusted',
  'self-signed': 'False CertificateSelfSigned',
  'missing-intermediate': 'False CertificateUntrusted',
  'expired-certificate': 'False CertificateExpired',
  'wrong-host-name': 'False HostnameMismatch',
  'wrong-password': 'False AuthenticationFailed',
  'missing-secret': 'False SecretNotFound',
  'tls-mode-mixed-up': 'False ImplicitTlsExpected',
  'nothing-listening': 'False ConnectionRefused',
  'speaks-http': 'False NotAnSmtpServer',
  'invalid-spec': 'False CombinationInvalid',
};

describe('the demo', { timeout: 90_000 }, () => {
  let demo: Demo;
  let store: Store;
  let run: RelayRun;
  const stop = new AbortController();

  beforeAll(async () => {
    demo = await startDemo(new Date());
    const opened = await createDirectoryStore({ directory: demo.manifests, stateDirectory: demo.state, now: Date.now });
    if (opened.kind === 'failed') throw new Error(opened.message);
    store = opened.store;
    const settings = {
      concurrentProbes: 8,
      statusHeartbeat: 900_000,
      ehloName: undefined,
      hostName: undefined,
      deniedCidrs: [],
      allowedRelayHosts: [],
      allowedTokenHosts: [],
    };
    const log = { info: () => undefined, warn: () => undefined, error: console.error };
    const outside = { now: Date.now, setTimer: systemTimer, random: Math.random, mayAct: () => true, recall: true };
    run = await runRelays({ store, probe, tokens: createTokenSource(), settings, log, ...outside }, stop.signal);
    await run.settled();
  }, 90_000);

  afterAll(async () => {
    stop.abort();
    await run?.ended;
    await demo?.stop();
  }, 30_000);

  function statusOf(name: string): SmtpRelayStatus {
    return store.get({ namespace: 'mail', name })?.status ?? {};
  }

  function ready(name: string): string {
    const condition = statusOf(name).conditions?.find(({ type }) => type === 'Ready');
    return `${condition?.status} ${condition?.reason}`;
  }

  async function until(name: string, wanted: string): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (ready(name) !== wanted && Date.now() < deadline) await delay(50);
    expect(ready(name)).toBe(wanted);
  }

  test.each(demoRelays.map(({ name }) => name))('%s shows what it is there to show', (name) => {
    expect(ready(name)).toBe(outcomes[name]);
    expect(brokenLaws(statusOf(name))).toEqual([]);
  });

  test('certificate-ends-soon warns', () => {
    const warnings = statusOf('certificate-ends-soon').lastProbe?.warnings;
    expect(warnings?.map(({ reason }) => reason)).toContain('CertificateExpiresSoon');
  });

  test('missing-intermediate names the certificate that the server should send', () => {
    expect(statusOf('missing-intermediate').lastProbe?.message).toContain('Demo Issuing CA 2');
  });

  const caOf = (name: string) => (text: string) => text.replace('name: demo-ca', `name: ${name}`);
  test.each<[string, (text: string) => string | Promise<string>]>([
    ['untrusted-ca', caOf('other-ca')],
    ['self-signed', caOf('appliance-certificate')],
    ['missing-intermediate', caOf('issuing-ca')],
    ['wrong-host-name', (text) => text.replace('  tls:\n', '  tls:\n    serverName: mail.corp.example\n')],
    [
      'wrong-password',
      (text) => text.replace(/password: .*/, `password: ${/set the password to: (.*)/.exec(text)?.[1]}`),
    ],
    ['missing-secret', (text) => text.replace(/^# (?=---|[a-z]| {2})/gm, '')],
    ['tls-mode-mixed-up', (text) => text.replace('mode: StartTls', 'mode: Implicit')],
    ['nothing-listening', portOfPlain],
    ['speaks-http', portOfPlain],
    ['invalid-spec', (text) => text.replace('  probe:\n', '  probe:\n    recipient: postmaster@demo.example\n')],
  ])('%s heals as its file says', async (name, heal) => {
    const file = join(demo.manifests, `${name}.yaml`);
    await writeFile(file, await heal(await readFile(file, 'utf8')));
    await until(name, 'True Succeeded');
  });

  async function portOfPlain(text: string): Promise<string> {
    const plain = await readFile(join(demo.manifests, 'plain.yaml'), 'utf8');
    return text.replace(/port: \d+/, /port: \d+/.exec(plain)?.[0] ?? '');
  }
});
