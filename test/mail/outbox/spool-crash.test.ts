// Killed at random points while it accepts and settles: nothing is lost, and twice goes only what was between a relay's
// 250 and the ledger. RELAYKEEPER_KILLS asks for more than the short form.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { systemClock } from '../../../src/store/clock.ts';
import { temporaryDirectory } from '../../store/directory/temporary-directory.ts';
import { runWithKills, sendsIn } from './killing.ts';
import { message } from './messages.ts';
import { openTestSpool } from './open-test-spool.ts';

const kills = Number(process.env.RELAYKEEPER_KILLS ?? 20);
const messages = Math.max(200, 40 * kills);
/** Three senders with one message each between their 250 and the ledger. */
const atOnce = 3;

test(`of ${messages} messages and ${kills} kills none is lost`, { timeout: 60_000 + kills * 5_000 }, async () => {
  const directory = temporaryDirectory();
  const sends = join(directory, 'sends');
  const killed = await runWithKills({ args: () => ['spool', directory, sends, String(messages)], kills, withinMs: 70 });
  expect(killed).toBeGreaterThan(kills / 2);
  const { distinct, twice } = sendsIn(sends);
  expect(distinct).toBe(messages);
  expect(twice).toBeLessThanOrEqual(kills * atOnce);

  const { outbox, ledger } = await openTestSpool({ directory, clock: systemClock });
  expect(await outbox.list()).toEqual([]);
  expect(Array.from({ length: messages }, (_, n) => ledger.has(message(n).id))).not.toContain(false);
  await outbox.close();
  for (const folder of ['tmp', 'waiting', 'dead']) expect(readdirSync(join(directory, 'outbox', folder))).toEqual([]);
});
