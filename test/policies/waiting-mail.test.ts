// Mail that waits for a relay: what of it is sent, and what is kept, when its policy changes meanwhile.
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  account,
  credentials,
  folders,
  type Operator,
  policy,
  put,
  relay,
  startOperator,
  startSink,
  until,
} from './operating.ts';

describe('a mail that waits for its relay', { timeout: 90_000 }, () => {
  test('stays while the file of its policy is broken, also over a restart, and is sent once that is mended', async () => {
    const world = await waiting();
    await world.operator.stop();
    writeFileSync(join(world.files.directory, 'policy.yaml'), 'apiVersion: relaykeeper.dev/v1alpha1\nkind: [\n');
    const told: (string | undefined)[] = [];
    const operator = await startOperator({ folders: world.files, problem: ({ message }) => told.push(message) });
    await operator.run.settled();
    expect(await operator.outbox.list()).toHaveLength(1);
    expect(told.join()).toContain('policy.yaml');
    const sink = await world.back();
    put(world.files, 'policy', policy({ credentials: [credentials()] }));
    await until('it is sent', () => sentByNow(operator, sink));
  });

  test('goes with its policy where the operator was down while the policy was deleted', async () => {
    const world = await waiting();
    await world.operator.stop();
    rmSync(join(world.files.directory, 'policy.yaml'));
    const operator = await startOperator({ folders: world.files });
    await until('it is dropped', async () => (await operator.outbox.list()).length === 0);
  });

  test('stays while the policy is in mode DryRun, and is sent in mode Active', async () => {
    const world = await waiting();
    const { files, operator } = world;
    put(files, 'policy', policy({ mode: 'DryRun', credentials: [credentials()] }));
    const sink = await world.back();
    await until('it runs dry', () => operator.ready() === 'True DryRun');
    await retryAll(operator);
    await operator.run.settled();
    expect(await operator.outbox.list()).toHaveLength(1);
    expect(sink.messages).toEqual([]);
    put(files, 'policy', policy({ credentials: [credentials()] }));
    await until('it is sent', () => sentByNow(operator, sink));
  });
});

/** Not to wait for its next try. */
async function retryAll({ outbox }: Operator): Promise<void> {
  for (const { id, state } of await outbox.list()) if (state === 'Waiting') await outbox.retry(id);
}

async function sentByNow(operator: Operator, { messages }: { readonly messages: readonly string[] }): Promise<boolean> {
  if (operator.status()?.totals?.sent === 1 && messages.length === 1) return true;
  await retryAll(operator);
  return false;
}

async function waiting() {
  const sink = await startSink();
  const files = folders();
  put(files, 'relay', relay('corporate', sink.port));
  put(files, 'policy', policy({ credentials: [credentials()] }));
  const operator = await startOperator({ folders: files });
  await until('the policy runs', () => operator.ready().startsWith('True'));
  await sink.stop();
  put(files, 'anna', account('anna'));
  await until('the mail waits', async () => (await operator.outbox.list())[0]?.lastAttempt !== undefined);
  return { files, operator, back: () => startSink({}, sink.port) };
}
