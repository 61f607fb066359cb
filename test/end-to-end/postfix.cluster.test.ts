// A relay of depth Envelope, on a real Postfix with Dovecot behind it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import { describeWithCluster, sharedControlPlane } from '../control-plane/shared.ts';
import { debianPackages } from '../servers/debian-packages.ts';
import { type Postfix, startPostfix } from '../servers/postfix.ts';
import { conditionOf, createWorld } from './world.ts';

const packages = await debianPackages(['postfix', 'dovecot-core']);
if (packages.kind === 'missing') console.warn(packages.why);

describeWithCluster('on a cluster', () => {
  describe.skipIf(packages.kind === 'missing')('a relay of depth Envelope on Postfix', () => {
    const authority = createAuthority({ name: 'Postfix CA' });
    let postfix: Postfix;
    beforeAll(async () => {
      postfix = await startPostfix({
        certificate: await (await authority).issue({ dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] }),
        logins: [{ username: 'relay', password: 'right' }],
        mailboxes: ['box@example.com'],
        senderReplies: { 'blocked@example.com': '554 5.7.1 Not from you' },
      });
    }, 120_000);
    afterAll(async () => await postfix?.stop(), 60_000);

    test('is Ready with a sender that Postfix takes, and says which one it does not take', async () => {
      const world = await createWorld(sharedControlPlane(), 'postfix');
      await world.applySecret('ca', { stringData: { 'ca.crt': (await authority).certificatePem } });
      await world.applyLogin('login', 'right');
      const spec = (address: string) => ({
        host: '127.0.0.1',
        port: postfix.submissionPort,
        ehloName: 'client.example.com',
        tls: { caSecretRef: { name: 'ca' } },
        auth: { secretRef: { name: 'login' } },
        sender: { address },
        probe: { depth: 'Envelope', recipient: 'box@example.com', interval: '1h' },
      });
      await world.apply('good', spec('guests@example.com'));
      await world.apply('blocked', spec('blocked@example.com'));
      world.startOperator();
      const good = await world.untilReady('good', { status: 'True', reason: 'Succeeded' });
      expect(conditionOf(good, 'SenderAccepted')).toMatchObject({ status: 'True' });
      expect(conditionOf(good, 'Authenticated')).toMatchObject({ status: 'True' });
      expect(good.status?.lastProbe?.senders).toEqual([expect.objectContaining({ address: 'guests@example.com' })]);
      const blocked = await world.untilReady('blocked', { status: 'False', reason: 'SenderRejected' });
      expect(conditionOf(blocked, 'Ready')?.message).toContain('Not from you');
      await world.applyLogin('login', 'wrong');
      await world.untilReady('good', { status: 'False', reason: 'AuthenticationFailed' });
      expect(await postfix.messages('box@example.com')).toEqual([]);
    });
  });
});
