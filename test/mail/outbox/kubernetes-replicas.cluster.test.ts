// Two replicas over one API server: what a conformance test of one process cannot show.
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../../src/store/clock.ts';
import { describeWithCluster, sharedControlPlane } from '../../control-plane/shared.ts';
import { temporaryDirectory } from '../../store/directory/temporary-directory.ts';
import { eventually } from '../../store/eventually.ts';
import { acceptAll, leaseOne } from './conformance.ts';
import { exitOf, runWithKills, sendsIn, startWorker } from './killing.ts';
import { attempt, message, noon } from './messages.ts';
import { openTestReplica } from './open-test-kubernetes.ts';

const kills = Number(process.env.RELAYKEEPER_KILLS ?? 6);
/** So many that one process is not done with them before the other was killed several times. */
const messages = 50 * kills;

describeWithCluster('replicas', () => {
  const cluster = sharedControlPlane();
  const kubeconfig = cluster.kubeconfigPath;

  const two = async (clock = { ...systemClock, now: () => noon }) => {
    const namespace = await cluster.createNamespace('outbox');
    const open = async (identity: string) => {
      const opened = await openTestReplica({ kubeconfig, namespace, identity, clock });
      onTestFinished(() => opened.outbox.close());
      return opened;
    };
    const [a, b] = [await open('a'), await open('b')];
    return { a, b, namespace };
  };

  test('see what the other accepted, and lease each message once', async () => {
    const { a, b } = await two();
    await acceptAll(a.outbox, 40);
    await eventually('the other sees all', async () => (await b.outbox.list()).length === 40);
    expect(await b.outbox.accept(message(1))).toEqual({ kind: 'known' });
    const ask = { now: noon, limit: 40, leaseFor: 60_000 };
    const leases = (await Promise.all([a.outbox.lease(ask), b.outbox.lease(ask)])).flat();
    const ids = leases.map(({ entry }) => entry.id);
    expect(ids).toHaveLength(40);
    expect(new Set(ids).size).toBe(40);
  });

  test('accepting the same at once, one accepts and the other knows', async () => {
    const { a, b } = await two();
    const results = await Promise.all([a.outbox.accept(message(1)), b.outbox.accept(message(1))]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['accepted', 'known']);
  });

  test('what one sent the other sends no more, though its ledger is behind and the record was made again', async () => {
    const { a, b } = await two();
    await a.outbox.accept(message(1));
    const lease = await leaseOne(a.outbox);
    expect(await lease.settle({ kind: 'accepted', attempt })).toBe('settled');
    expect(b.ledger.has(message(1).id)).toBe(false);
    await eventually('the other saw it go', async () => (await b.outbox.list()).length === 0);
    expect(await b.outbox.accept(message(1))).toEqual({ kind: 'accepted' });
    expect(await b.outbox.lease({ now: noon, limit: 1, leaseFor: 60_000 })).toEqual([]);
    expect(await b.outbox.list()).toEqual([]);
    expect(await b.outbox.accept(message(1))).toEqual({ kind: 'known' });
  });

  test('one takes what another held, once its lease ran out', async () => {
    const { a, b } = await two();
    await a.outbox.accept(message(1));
    const late = await leaseOne(a.outbox);
    await eventually('the other sees the lease', async () => (await b.outbox.list())[0]?.state === 'Leased');
    expect(await b.outbox.lease({ now: noon + 59_999, limit: 1, leaseFor: 60_000 })).toEqual([]);
    const second = await leaseOne(b.outbox, noon + 60_000);
    expect(await late.settle({ kind: 'retry', notBefore: noon, attempt })).toBe('lost');
    expect(await second.settle({ kind: 'accepted', attempt })).toBe('settled');
    await eventually('it is gone for both', async () => (await a.outbox.list()).length === 0);
  });

  test('what a killed process had leased is taken at once by the next of its name, and by no other', async () => {
    const { a, b, namespace } = await two();
    await acceptAll(a.outbox, 3);
    const ask = { now: noon, limit: 9, leaseFor: 60_000 };
    expect(await a.outbox.lease(ask)).toHaveLength(3);
    await eventually('the other sees the leases', async () => (await b.outbox.list()).every(isLeased));
    expect(await b.outbox.lease(ask)).toEqual([]);
    const clock = { ...systemClock, now: () => noon };
    const next = await openTestReplica({ kubeconfig, namespace, identity: 'a', clock });
    onTestFinished(() => next.outbox.close());
    expect(await next.outbox.lease(ask)).toHaveLength(3);
    // Should another process have its name by mistake, what that takes from now on is left alone.
    await b.outbox.accept(message(7));
    await eventually('it is leased', async () => (await a.outbox.lease(ask)).length === 1);
    await eventually('it sees the new lease', async () => (await next.outbox.list()).length === 4);
    await eventually('as one', async () => (await next.outbox.list()).every(isLeased));
    expect(await next.outbox.lease(ask)).toEqual([]);
  });

  test('a label that somebody puts on the Secret takes no lease away', async () => {
    const { a, namespace } = await two();
    await a.outbox.accept(message(1));
    const lease = await leaseOne(a.outbox);
    await cluster.kubectl(['label', 'secret', `outbox-${message(1).id}`, '-n', namespace, 'team=mail']);
    expect(await lease.settle({ kind: 'retry', notBefore: noon + 5, attempt })).toBe('settled');
    expect(await a.outbox.list()).toMatchObject([{ state: 'Waiting', attempts: 1, notBefore: noon + 5 }]);
  });

  test('a message costs three writes, each try that failed two more, and many share one of the ledger', async () => {
    const { a } = await two();
    await acceptAll(a.outbox, 20);
    const leases = await a.outbox.lease({ now: noon, limit: 20, leaseFor: 60_000 });
    await leases[0]?.settle({ kind: 'retry', notBefore: noon, attempt });
    const again = await leaseOne(a.outbox);
    const settled = await Promise.all(
      [...leases.slice(1), again].map((lease) => lease.settle({ kind: 'accepted', attempt })),
    );
    expect(settled.filter((outcome) => outcome === 'settled')).toHaveLength(20);
    const count = (method: string) => a.writes.filter((write) => write === method).length;
    expect([count('PATCH'), count('DELETE')]).toEqual([20 + 2, 20]);
    expect(count('POST')).toBeGreaterThan(20);
    expect(count('POST')).toBeLessThanOrEqual(20 + 3);
  });

  test('the Secret tells by its metadata what it is, and belongs to nobody', async () => {
    const { a, namespace } = await two();
    await a.outbox.accept(message(1));
    const { stdout } = await cluster.kubectl([
      'get',
      'secret',
      '-n',
      namespace,
      '-l',
      'relaykeeper.dev/outbox=message',
      '-o',
      'json',
    ]);
    expect(JSON.parse(stdout).items).toMatchObject([
      {
        type: 'relaykeeper.dev/outbox',
        metadata: { name: `outbox-${message(1).id}` },
        data: { raw: message(1).raw.toString('base64') },
      },
    ]);
    expect(stdout).not.toContain('ownerReferences');
  });

  test('a message larger than a Secret may be is refused with the reason', async () => {
    const { a } = await two();
    const raw = Buffer.alloc(1_200_000, 'x');
    expect(await a.outbox.accept(message(1, { raw }))).toEqual({
      kind: 'unavailable',
      message: expect.stringMatching(/^cannot create secret in namespace .*(larger|Too long|too large)/),
    });
  });

  test(`two processes, ${kills} kills of one of them: none of ${messages} messages is lost`, {
    timeout: 60_000 + kills * 10_000,
  }, async () => {
    const namespace = await cluster.createNamespace('outbox');
    const sends = join(temporaryDirectory(), 'sends');
    const args = (identity: string) => ['kubernetes', kubeconfig, namespace, identity, sends, String(messages)];
    const steady = startWorker(args('steady'));
    // One time of three under the name that the last one had; the others are gone for good.
    const name = (run: number) => `killed-${Math.ceil(run / 1.5)}`;
    const killed = await runWithKills({ args: (run) => args(name(run)), kills, withinMs: 400 });
    expect(killed).toBeGreaterThan(1);
    expect(await exitOf(steady)).toBe(0);
    const { distinct, twice } = sendsIn(sends);
    expect(distinct).toBe(messages);
    // Three senders with one message each between their 250 and the ledger.
    expect(twice).toBeLessThanOrEqual(kills * 3);
    const { outbox, ledger } = await openTestReplica({ kubeconfig, namespace, identity: 'after', clock: systemClock });
    onTestFinished(() => outbox.close());
    expect(await outbox.list()).toEqual([]);
    expect(Array.from({ length: messages }, (_, n) => ledger.has(message(n).id))).not.toContain(false);
  });
});

function isLeased({ state }: { readonly state: string }): boolean {
  return state === 'Leased';
}
