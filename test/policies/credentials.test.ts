// Credentials from an account's file to the mail that a server got.
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import type { Folders } from '../store/directory/opened-store.ts';
import {
  account,
  credentials,
  eventsOf,
  folders,
  mailsOf,
  type Operator,
  policy,
  put,
  relay,
  startOperator,
  startSink,
  until,
} from './operating.ts';

const testRequested = { 'relaykeeper.dev/test-requested': 'token-1 admin@example.com' };

describe('an account that is added', { timeout: 60_000 }, () => {
  test('gets the credentials mail, once, and the policy says so', async () => {
    const { sink, files, operator } = await running();
    put(files, 'anna', account('anna'));
    await until('the mail', () => sink.messages.length > 0);
    const [mail] = await mailsOf(sink);
    expect(mail?.to).toMatchObject({ text: 'anna@example.com' });
    expect(mail?.from).toMatchObject({ text: '"Guest Portal" <portal@example.com>' });
    const status = await until('the status', () => operator.status()?.totals?.sent === 1 && operator.status());
    expect(status).toMatchObject({
      totals: { sent: 1, failed: 0, pending: 0 },
      rules: [{ kind: 'Credentials', name: 'guest-credentials', subjects: 1, invalid: 0, sent: 1, sentBy: 'here' }],
      recentDeliveries: [
        {
          rule: 'guest-credentials',
          messageId: mail?.messageId,
          to: 'a***@example.com',
          outcome: 'Accepted',
          relay: 'mail/corporate',
        },
      ],
    });
    await operator.run.settled();
    expect(sink.messages).toHaveLength(1);
  });

  test('whose address is quoted gets its mail, where no list of domains is set', async () => {
    const { sink, files, operator } = await running();
    put(files, 'john', account('john', { email: '"john doe"@example.com' }));
    await until('the mail', () => sink.messages.length > 0);
    await until('the status', () => operator.status()?.totals?.sent === 1);
    expect(operator.settled.at(-1)?.entry.envelope.to).toBe('"john doe"@example.com');
    expect(sink.messages[0]).toMatch(/^To: <"john doe"@example\.com>\r$/m);
  });

  test('gets a mail with the texts of a ConfigMap as it is by then, a fault in it being told of within seconds', async () => {
    const { sink, files, operator } = await running({ template: { configMapRef: { name: 'texts' } } }, {}, false);
    const texts = (text: string) =>
      put(files, 'texts', {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'texts', namespace: 'mail' },
        data: { subject: 'Hello', text },
      });
    texts('Dear {{ nobody }}');
    await until('the fault', () => operator.ready() === 'False SchemaInvalid');
    texts('Dear {{ firstName }}, well met');
    await until('the correction', () => operator.ready() === 'True Running');
    put(files, 'anna', account('anna', { firstName: 'Anna' }));
    await until('the mail', () => sink.messages.length > 0);
    expect((await mailsOf(sink))[0]?.text).toContain('Dear Anna, well met');
  });

  test('whose mail is dropped by hand is told of in status, event and log', async () => {
    const { sink, files, operator } = await running();
    await sink.stop();
    await until('the relay is down', () => operator.ready() === 'False NoRelayReady');
    put(files, 'anna', account('anna'));
    const waiting = await until('it waits', async () => (await operator.outbox.list())[0]);
    await operator.outbox.drop(waiting.id, 'told her by phone');
    await until('the status', () => operator.status()?.totals?.failed === 1);
    expect(operator.status()?.recentDeliveries).toMatchObject([
      { messageId: waiting.id, outcome: 'Dropped', reason: 'DroppedByHand', reply: 'told her by phone' },
    ]);
    await until('the event', () => eventsOf(files).includes('was dropped by hand: told her by phone'));
    expect(operator.logged.join('\n')).toContain('told her by phone');
  });

  test('gets the reset mail once its password changes', async () => {
    const { sink, files } = await running();
    put(files, 'anna', account('anna'));
    await until('the first mail', () => sink.messages.length === 1);
    put(files, 'anna', account('anna', { password: 'another one' }));
    await until('the second mail', () => sink.messages.length === 2);
    const [, reset] = await mailsOf(sink);
    expect(reset?.subject).toBe('Your new log-in details');
  });

  test('that is deleted and created anew with another password gets the mail of a new account', async () => {
    const { sink, files, operator } = await running();
    put(files, 'anna', account('anna'));
    await until('the first mail', () => operator.status()?.totals?.sent === 1);
    // A directory tells when it first saw an account, in whole seconds.
    const second = Math.floor(Date.now() / 1_000);
    rmSync(join(files.directory, 'anna.yaml'));
    await until('it is gone', () => operator.store.accounts('mail').length === 0);
    await until('another second', () => Math.floor(Date.now() / 1_000) > second);
    put(files, 'anna', account('anna', { password: 'another one' }));
    await until('the second mail', () => sink.messages.length === 2);
    expect((await mailsOf(sink)).map(({ subject }) => subject)).toEqual(['Your log-in details', 'Your log-in details']);
  });

  test('gets nothing again after a restart, a policy deleted and restored, or another edit of the account', async () => {
    const { sink, files, operator } = await running();
    put(files, 'anna', account('anna'));
    await until('the mail is counted', () => operator.status()?.totals?.sent === 1);
    await operator.stop();
    const again = await startOperator({ folders: files });
    await again.run.settled();
    expect(again.status()?.totals?.sent).toBe(1);

    rmSync(join(files.directory, 'policy.yaml'));
    await until('the policy is gone', () => again.store.listPolicies().length === 0);
    put(files, 'policy', policy({ credentials: [credentials()] }));
    await until('the policy is back', () => again.ready() === 'True Running');
    put(files, 'anna', account('anna', { firstName: 'Anna' }));
    put(files, 'bert', account('bert'));
    await until('the mail of another account', () => sink.messages.length > 1);
    await again.run.settled();
    expect((await mailsOf(sink)).map(({ to }) => (to && 'text' in to ? to.text : ''))).toEqual([
      'anna@example.com',
      'bert@example.com',
    ]);
  });

  test('that is older than the rule is recorded only, without backfill', async () => {
    const files = folders();
    const sink = await startSink();
    put(files, 'anna', { ...account('anna'), ...old('anna') });
    put(files, 'relay', relay('corporate', sink.port));
    put(files, 'policy', policy({ credentials: [credentials()] }));
    const operator = await startOperator({ folders: files });
    await until('the policy runs', () => operator.ready() === 'True Running');
    put(files, 'bert', account('bert'));
    await until('a mail', () => sink.messages.length > 0);
    await operator.run.settled();
    expect(sink.messages.join()).toContain('To: bert@example.com');
    expect(sink.messages).toHaveLength(1);
  });

  test('that is older than the rule is mailed with backfill', async () => {
    const files = folders();
    const sink = await startSink();
    put(files, 'anna', { ...account('anna'), ...old('anna') });
    put(files, 'relay', relay('corporate', sink.port));
    put(files, 'policy', policy({ credentials: [credentials({ backfill: true })] }));
    await startOperator({ folders: files });
    await until('the mail', () => sink.messages.length === 1);
  });

  test('that cannot be used is told of by an Event, once, and counted', async () => {
    const { files, operator } = await running();
    put(files, 'broken', account('broken', { email: 'nowhere' }));
    await until('it is counted', () => operator.status()?.rules?.[0]?.invalid === 1);
    await until('the Event', () => eventsOf(files).includes('AccountInvalid'));
    put(files, 'anna', account('anna'));
    await until('the other mail', () => operator.status()?.totals?.sent === 1);
    expect(eventsOf(files).split('AccountInvalid')).toHaveLength(2);
    expect(eventsOf(files)).not.toContain('secret-of-');
  });

  test('of a German reader is told in German', async () => {
    const { sink, files } = await running();
    put(files, 'anna', account('anna', { locale: 'de' }));
    await until('the mail', () => sink.messages.length > 0);
    expect((await mailsOf(sink))[0]?.text).toContain('Benutzername');
  });
});

describe('a password', { timeout: 60_000 }, () => {
  test('goes into the mail through an encrypted relay, and is gone from the spool after', async () => {
    const { sink, files, operator } = await encrypted({ password: 'Include' });
    put(files, 'anna', account('anna'));
    await until('the mail is counted', () => operator.status()?.totals?.sent === 1);
    expect((await mailsOf(sink))[0]?.text).toContain('secret-of-anna');
    await operator.stop();
    expect(filesUnder(files.stateDirectory).filter((text) => text.includes('secret-of-anna'))).toEqual([]);
  });

  test('goes into a mail of its own with SeparateMail', async () => {
    const { sink, files } = await encrypted({ password: 'SeparateMail' });
    put(files, 'anna', account('anna'));
    await until('two mails', () => sink.messages.length === 2);
    const texts = (await mailsOf(sink)).map(({ text }) => text ?? '');
    expect(texts.filter((text) => text.includes('secret-of-anna'))).toHaveLength(1);
  });

  test('stays out with Link, which shows the one-time link', async () => {
    const { sink, files } = await running({ password: 'Link' });
    put(files, 'anna', account('anna', { oneTimeLink: 'https://portal.example.com/once/1' }));
    await until('the mail', () => sink.messages.length === 1);
    const [mail] = await mailsOf(sink);
    expect(mail?.text).toContain('https://portal.example.com/once/1');
    expect(mail?.text).not.toContain('secret-of-anna');
  });

  test('is not even written to the spool where no relay is encrypted, and the policy says so', async () => {
    const { sink, files, operator } = await running({ password: 'Include' }, {}, false);
    await until('the condition, before the first account', () => operator.ready() === 'False EncryptionRequired');
    put(files, 'anna', account('anna'));
    await until('the account', () => operator.status()?.rules?.[0]?.due === 1);
    await until('the condition', () => operator.ready() === 'False EncryptionRequired');
    await operator.run.settled();
    expect(await operator.outbox.list()).toEqual([]);
    expect(sink.messages).toEqual([]);
    put(files, 'policy', policy({ credentials: [credentials({ password: 'Omit' })] }));
    await until('the mail once the policy is mended', () => sink.messages.length === 1);
  });
});

describe('a policy', { timeout: 60_000 }, () => {
  test('with mode DryRun counts what it would send, and sends nothing', async () => {
    const { sink, files, operator } = await running({}, { mode: 'DryRun' });
    expect(operator.ready()).toBe('True DryRun');
    put(files, 'anna', account('anna'));
    await until('it is counted', () => operator.status()?.rules?.[0]?.due === 1);
    expect(operator.status()?.rules?.[0]?.message).toBe('Would send 1 mail.');
    await operator.run.settled();
    expect(sink.messages).toEqual([]);
    put(files, 'policy', policy({ credentials: [credentials()] }));
    await until('the mail once it is active', () => sink.messages.length === 1);
  });

  test.each([
    ['suspended', { suspend: true }, 'False Suspended'],
    ['in a dry run', { mode: 'DryRun' }, 'True DryRun'],
  ])('that is %s makes no mail, keeps what waits, and sends all once that is over', async (_name, spec, ready) => {
    const { sink, files, operator } = await running();
    put(files, 'relay', relay('corporate', sink.port, { suspend: true }));
    await until('the relay is not to be used', () => operator.ready() === 'False NoRelayReady');
    put(files, 'anna', account('anna'));
    await until('it waits', async () => (await operator.outbox.list()).length === 1);
    const rules = { credentials: [credentials()] };
    put(files, 'policy', policy({ ...rules, ...spec }));
    put(files, 'relay', relay('corporate', sink.port));
    put(files, 'bert', account('bert'));
    await until('it is stopped', () => operator.ready() === ready);
    const [waiting] = await operator.outbox.list();
    await operator.outbox.retry(waiting?.id ?? '');
    await operator.run.settled();
    // Nothing is tried, and nothing is written of it.
    expect(await operator.outbox.list()).toMatchObject([{ attempts: 0, lastAttempt: undefined }]);
    expect(sink.messages).toEqual([]);
    put(files, 'policy', policy(rules));
    await until('it runs', () => operator.ready() === 'True Running');
    await operator.outbox.retry(waiting?.id ?? '');
    await until('both mails', () => sink.messages.length === 2);
  });

  test('mails a corrected address, where the mail to the former one was refused for good', async () => {
    const { sink, files, operator } = await running();
    await sink.stop();
    const rcpt = (line: string) => (line.includes('<ana@') ? '550 5.1.1 no such user\r\n' : '250 2.1.5 Ok\r\n');
    const again = await startSink({ on: { RCPT: rcpt } }, sink.port);
    put(files, 'anna', account('anna', { email: 'ana@example.com' }));
    await until('it is dead', async () => (await operator.outbox.list()).some(({ state }) => state === 'Dead'));
    await until('the event', () => /refused for good: .*550 5\.1\.1 no such user/.test(eventsOf(files)));
    put(files, 'anna', account('anna'));
    await until('the mail', () => again.messages.length === 1);
    expect((await mailsOf(again))[0]).toMatchObject({ to: { text: 'anna@example.com' } });
    put(files, 'anna', account('anna', { lastName: 'Smith' }));
    await operator.run.settled();
    expect(again.messages).toHaveLength(1);
  });

  test('holds more than maxPerRun until the annotation releases this very run', async () => {
    const { sink, files, operator } = await running({}, { maxPerRun: 2 });
    put(files, 'many', ...['anna', 'bert', 'carl'].map((name) => account(name)));
    const run = await until('it is held', () => operator.status()?.rules?.[0]?.heldRun);
    expect(operator.status()?.rules?.[0]).toMatchObject({ held: 3, due: 3, sent: 0 });
    expect(operator.ready()).toBe('True RunHeld');
    // Another account while somebody reads: what was read still releases it.
    put(files, 'dora', account('dora'));
    await until('it is held too', () => operator.status()?.rules?.[0]?.held === 4);
    expect(eventsOf(files).match(/"RunHeld"/g)).toHaveLength(1);
    expect(operator.logged.filter((line) => line.includes('for review'))).toHaveLength(1);
    expect(sink.messages).toEqual([]);
    const annotations = { 'relaykeeper.dev/release': run };
    put(files, 'policy', policy({ maxPerRun: 2, credentials: [credentials()] }, { annotations }));
    await until('all mails', () => sink.messages.length === 4);
    await until('nothing is held any more', () => operator.status()?.rules?.[0]?.held === undefined);
  });

  test('with a fault in a template says where, and uses nothing of it', async () => {
    const template = { subject: 'Hello', text: 'Dear {{ firstName }},\nyour name is {{ usernme }}.' };
    const { files, operator } = await running({}, {}, false);
    put(files, 'policy', policy({ credentials: [credentials({ template })] }));
    await until('it is refused', () => operator.ready().startsWith('False'));
    const accepted = operator.status()?.conditions?.find(({ type }) => type === 'Accepted');
    expect(accepted).toMatchObject({ status: 'False', reason: 'SchemaInvalid' });
    expect(accepted?.message).toMatch(
      /^spec\.credentials\[0\]\.template\.text: line 2, column \d+: .*usernme.*username/,
    );
  });

  test('takes the texts of a ConfigMap, and waits for it', async () => {
    const { sink, files, operator } = await running({ template: { configMapRef: { name: 'texts' } } }, {}, false);
    await until('it is missed', () => operator.ready() === 'False ConfigMapNotFound');
    const data = { subject: 'Welcome, {{ username }}', text: 'Hello {{ username }}' };
    put(files, 'texts', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'texts', namespace: 'mail' }, data });
    await operator.run.settled();
    put(files, 'anna', account('anna'));
    await until('the mail', () => sink.messages.length === 1);
    expect((await mailsOf(sink))[0]).toMatchObject({
      subject: 'Welcome, anna',
      text: expect.stringContaining('Hello anna'),
    });
  });

  test('whose relay is a sandbox sends everything there, marked and without the password', async () => {
    const { sink, files, operator } = await running({ password: 'Include' }, {}, true, {
      sandbox: { redirectTo: 'sandbox@example.org' },
    });
    put(files, 'anna', account('anna'));
    await until('the mail', () => sink.messages.length === 1);
    const [mail] = await mailsOf(sink);
    expect(mail).toMatchObject({ to: { text: 'sandbox@example.org' }, subject: expect.stringContaining('[sandbox]') });
    expect(mail?.text).not.toContain('secret-of-anna');
    expect(mail?.headers.get('x-relaykeeper-real-recipient')).toBe('anna@example.com');
    expect(operator.ready()).toBe('True Running');
    const ready = operator.status()?.conditions?.find(({ type }) => type === 'Ready');
    expect(ready?.message).toContain('every mail goes to sandbox@example.org instead');
  });

  test('sends a test message to the address of its annotation, and shows what became of it', async () => {
    const { sink, files, operator } = await running();
    put(files, 'policy', policy({ credentials: [credentials()] }, { annotations: testRequested }));
    const test = await until('the outcome', () => operator.status()?.lastTest);
    expect(test).toMatchObject({
      token: 'token-1',
      to: 'admin@example.com',
      outcome: 'Accepted',
      relay: 'mail/corporate',
    });
    expect((await mailsOf(sink))[0]).toMatchObject({
      to: { text: 'admin@example.com' },
      subject: expect.stringMatching(/^\[Test\] /),
    });
    await operator.run.settled();
    expect(sink.messages).toHaveLength(1);
  });

  test('does not send a test message where the mails of its rule could not go, and says why', async () => {
    const { sink, files, operator } = await running({ password: 'Include' }, {}, false);
    await until('it says so before the first account', () => operator.ready() === 'False EncryptionRequired');
    put(
      files,
      'policy',
      policy({ credentials: [credentials({ password: 'Include' })] }, { annotations: testRequested }),
    );
    const test = await until('the outcome', () => operator.status()?.lastTest);
    expect(test).toMatchObject({
      outcome: 'Waiting',
      reply: expect.stringContaining('StartTls or Implicit is needed'),
    });
    expect(sink.messages).toEqual([]);
  });

  test('does not send to a domain that its relay leaves out, and says so', async () => {
    const { sink, files, operator } = await running({}, {}, true, { allowedRecipientDomains: ['example.org'] });
    put(files, 'anna', account('anna'));
    await until('it is counted', () => operator.status()?.rules?.[0]?.invalid === 1);
    expect(eventsOf(files)).toContain('allowedRecipientDomains');
    await operator.run.settled();
    expect(sink.messages).toEqual([]);
    put(files, 'relay', relay('corporate', sink.port));
    await until('the mail once it is allowed', () => sink.messages.length === 1);
  });

  test('that names a sender its relay does not allow is not run, and says so', async () => {
    const { operator } = await running({}, { from: { address: 'boss@example.com' } }, false, {
      allowedSenders: ['portal@example.com'],
    });
    await until('it is refused', () => operator.ready() === 'False ReferenceNotAllowed');
  });

  test('that is deleted takes what waits with it, and an Event tells', async () => {
    const { sink, files, operator } = await running();
    await sink.stop();
    put(files, 'anna', account('anna'));
    await until('the mail waits', async () => (await operator.outbox.list()).length === 1);
    rmSync(join(files.directory, 'policy.yaml'));
    await until('it is gone', async () => (await operator.outbox.list()).length === 0);
    await until('the Event', () => eventsOf(files).includes('PolicyDeleted'));
  });
});

describe('while a relay is down', { timeout: 90_000 }, () => {
  test('mail waits, and goes out after it has come back', async () => {
    const { sink, files, operator } = await running();
    await sink.stop();
    put(files, 'anna', account('anna'));
    await until('it is tried and waits', () => operator.settled.some(({ settlement }) => settlement.kind === 'retry'));
    await until('the policy says so', () => operator.ready() === 'False NoRelayReady');
    expect(operator.status()?.totals).toMatchObject({ pending: 1, sent: 0 });
    const back = await startSink({}, sink.port);
    await until('the mail', () => back.messages.length === 1);
    await until('the policy says so', () => operator.ready() === 'True Running');
  });

  test('a fallback takes it, and the policy says so', async () => {
    const { sink, files, operator } = await running({}, { fallbackRelayRefs: [{ name: 'backup' }] }, false);
    const backup = await startSink();
    put(files, 'backup', relay('backup', backup.port));
    await until('the policy runs', () => operator.ready() === 'True Running');
    await sink.stop();
    await until('the fallback is used', () => operator.ready() === 'True UsingFallback');
    put(files, 'anna', account('anna'));
    await until('the mail', () => backup.messages.length === 1);
  });
});

interface Running {
  readonly sink: Awaited<ReturnType<typeof startSink>>;
  readonly files: Folders;
  readonly operator: Operator;
}

/** An operator with a relay and a policy of one credentials rule, which waits until it is ready. */
async function running(
  rule: Record<string, unknown> = {},
  spec: Record<string, unknown> = {},
  waits = true,
  relaySpec: Record<string, unknown> = {},
): Promise<Running> {
  const sink = await startSink();
  const files = folders();
  put(files, 'relay', relay('corporate', sink.port, relaySpec));
  put(files, 'policy', policy({ ...spec, credentials: [credentials(rule)] }));
  const operator = await startOperator({ folders: files });
  if (waits) await until('the policy runs', () => operator.ready().startsWith('True'));
  return { sink, files, operator };
}

async function encrypted(rule: Record<string, unknown>): Promise<Running> {
  const authority = await createAuthority();
  const { chainPem, privateKeyPem } = await authority.issue({ ipAddresses: ['127.0.0.1'] });
  const sink = await startSink({ tls: { cert: chainPem, key: privateKeyPem } });
  const files = folders();
  const tls = { mode: 'StartTls', caSecretRef: { name: 'ca', key: 'ca.crt' } };
  put(files, 'relay', relay('corporate', sink.port, { tls }));
  put(files, 'ca', {
    apiVersion: 'v1',
    kind: 'Secret',
    type: 'Opaque',
    metadata: { name: 'ca', namespace: 'mail' },
    stringData: { 'ca.crt': authority.certificatePem },
  });
  put(files, 'policy', policy({ credentials: [credentials(rule)] }));
  const operator = await startOperator({ folders: files });
  await until('the policy runs', () => operator.ready() === 'True Running');
  return { sink, files, operator };
}

function old(name: string): object {
  const labels = { 'relaykeeper.dev/account': 'guest' };
  return { metadata: { name, namespace: 'mail', labels, creationTimestamp: '2020-01-01T00:00:00Z' } };
}

function filesUnder(directory: string, named = /./): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && named.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'));
}
