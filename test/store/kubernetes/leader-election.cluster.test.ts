import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { describeWithCluster, sharedControlPlane } from '../../control-plane/shared.ts';
import { eventually } from './open-test-store.ts';

/** A third of what the operator uses, so that the tests take seconds; whole seconds, as a Lease has them. */
const timings = { leaseDurationMs: 4_000, renewDeadlineMs: 2_500, retryPeriodMs: 500, jitter: 1.2 };

interface Elector {
  readonly child: ChildProcess;
  /** When it acted, in nanoseconds of the clock that all share. */
  readonly acts: bigint[];
  readonly told: string[];
}

describeWithCluster('leaders on a real API server', () => {
  const cluster = sharedControlPlane();

  const startElector = (namespace: string, identity: string): Elector => {
    const program = join(import.meta.dirname, 'elector.ts');
    const args = [program, cluster.kubeconfigPath, namespace, identity, JSON.stringify(timings)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    const elector: Elector = { child, acts: [], told: [] };
    createInterface({ input: child.stdout }).on('line', (line) => {
      const { kind, at } = JSON.parse(line);
      if (kind === 'act') elector.acts.push(BigInt(at));
      else elector.told.push(kind);
    });
    return elector;
  };

  /** One that leads and one that waits. */
  const startTwo = async (): Promise<{ namespace: string; a: Elector; b: Elector }> => {
    const namespace = await cluster.createNamespace('election');
    const a = startElector(namespace, 'a');
    await eventually(() => expect(a.acts.length).toBeGreaterThan(3));
    const b = startElector(namespace, 'b');
    await eventually(() => expect(b.told).toContain('waiting'));
    return { namespace, a, b };
  };
  const acting = (elector: Elector) => eventually(() => expect(elector.acts.length).toBeGreaterThan(3));

  test('a released lease is taken at once, and the two never act both', async () => {
    const { namespace, a, b } = await startTwo();
    expect(b.acts).toEqual([]);
    a.child.kill('SIGTERM');
    await once(a.child, 'exit');
    const released = process.hrtime.bigint();
    await acting(b);
    expect(milliseconds(released, b.acts[0])).toBeLessThan(timings.leaseDurationMs);
    expect(b.acts[0]).toBeGreaterThan(a.acts.at(-1) ?? 0n);
    const lease = await cluster.kubectl(['get', 'lease', 'relaykeeper-probes', '-n', namespace, '-o', 'json']);
    expect(JSON.parse(lease.stdout).spec).toMatchObject({
      holderIdentity: 'b',
      leaseTransitions: 1,
      leaseDurationSeconds: 4,
    });
  });

  test('the lease of a leader that was killed is taken once it has run out', async () => {
    const { a, b } = await startTwo();
    a.child.kill('SIGKILL');
    const killed = process.hrtime.bigint();
    await acting(b);
    const waited = milliseconds(a.acts.at(-1) ?? killed, b.acts[0]);
    // It acted within the renew deadline of its last renewal, and nobody else may before the lease has run out.
    expect(waited).toBeGreaterThan(timings.leaseDurationMs - timings.renewDeadlineMs);
  });

  test('a leader that is paused past its lease and goes on acts no more', async () => {
    const { a, b } = await startTwo();
    a.child.kill('SIGSTOP');
    await acting(b);
    const resumed = process.hrtime.bigint();
    a.child.kill('SIGCONT');
    await eventually(() => expect(a.told).toContain('ended'));
    const actsSoFar = b.acts.length;
    await eventually(() => expect(b.acts.length).toBeGreaterThan(actsSoFar + 50));
    expect(a.acts.filter((at) => at > resumed)).toEqual([]);
    expect(a.acts.every((at) => at < (b.acts[0] ?? 0n))).toBe(true);
  });

  test('what others put on the Lease stays', async () => {
    const { namespace, a } = await startTwo();
    await cluster.kubectl(['label', 'lease', 'relaykeeper-probes', '-n', namespace, 'team=mail']);
    const renewed = async () =>
      JSON.parse((await cluster.kubectl(['get', 'lease', 'relaykeeper-probes', '-n', namespace, '-o', 'json'])).stdout);
    const before = (await renewed()).spec.renewTime;
    await eventually(async () => expect((await renewed()).spec.renewTime).not.toBe(before));
    expect((await renewed()).metadata.labels).toEqual({ team: 'mail' });
    expect(a.told.filter((kind) => kind === 'elected')).toHaveLength(1);
  });
});

function milliseconds(from: bigint, to: bigint | undefined): number {
  return Number((to ?? from) - from) / 1e6;
}
