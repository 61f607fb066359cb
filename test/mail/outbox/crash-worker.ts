// A process that puts messages into an outbox and sends them to a file, to be killed at any moment. `SENDS` gets a line
// with the id where a relay would have said 250, so that what was sent twice or never shows.
//
// node crash-worker.ts spool DIRECTORY SENDS COUNT
// node crash-worker.ts kubernetes KUBECONFIG NAMESPACE IDENTITY SENDS COUNT
import { appendFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '../../../src/store/clock.ts';
import type { OpenOutbox } from './conformance.ts';
import { attempt, message } from './messages.ts';
import { openTestReplica } from './open-test-kubernetes.ts';
import { openTestSpool } from './open-test-spool.ts';

const [engine, ...rest] = process.argv.slice(2);
const [sends = '', count = '0'] = rest.slice(-2);
const { outbox } = await open();
/** As delivery has it: what a killed process had leased must come back long before that. */
const leaseFor = 20 * 60_000;
let accepted = false;

console.log('opened');
await Promise.all([acceptAll(Number(count)), ...Array.from({ length: 3 }, sendUntilDone)]);
await outbox.close();

function open(): Promise<OpenOutbox> {
  const [first = '', namespace = '', identity = ''] = rest;
  if (engine === 'spool') return openTestSpool({ directory: first, clock: systemClock });
  return openTestReplica({ kubeconfig: first, namespace, identity, clock: systemClock });
}

/** What an earlier run had accepted or sent is known. */
async function acceptAll(total: number): Promise<void> {
  const numbers = Array.from({ length: total }, (_, n) => n);
  while (numbers.length > 0) {
    const some = numbers.splice(0, 8);
    const results = await Promise.all(some.map((n) => outbox.accept(message(n, { acceptedAt: Date.now() }))));
    results.forEach((result, index) => {
      if (result.kind === 'accepted' || result.kind === 'known') return;
      numbers.push(some[index] ?? 0);
    });
  }
  accepted = true;
}

async function sendUntilDone(): Promise<void> {
  while (!accepted || outbox.nextAt() !== undefined) {
    const leases = await outbox.lease({ now: Date.now(), limit: 5, leaseFor });
    for (const lease of leases) {
      // One in ten is put off first.
      if (lease.entry.attempts === 0 && lease.entry.id.endsWith('0')) {
        await lease.settle({ kind: 'retry', notBefore: Date.now(), attempt: { ...attempt, reply: '451 later' } });
        continue;
      }
      appendFileSync(sends, `${lease.entry.id}\n`);
      await lease.settle({ kind: 'accepted', attempt });
    }
    if (leases.length === 0) await wait(2);
  }
}
