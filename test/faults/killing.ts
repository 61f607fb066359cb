// Kills an operator with SIGKILL at random points, counted in milliseconds since its start or in mails that came, and
// starts it again each time.
import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from './seeded.ts';
import type { Sink } from './sink.ts';

export interface Killable {
  signal(name: NodeJS.Signals): void;
  readonly ended: Promise<unknown>;
}

export interface Killing {
  readonly kills: number;
  readonly chance: Chance;
  readonly sink: Pick<Sink, 'deliveries' | 'clientKilled'>;
  readonly start: () => Killable;
  /** Done at a random moment of each run: what there is to mail comes by and by. */
  readonly meanwhile: (run: number) => unknown;
  /** Kills come within so many milliseconds of a start, or within so many mails. */
  readonly within: { readonly milliseconds: number; readonly mails: number };
}

export async function killAtRandom({ kills, chance, sink, start, meanwhile, within }: Killing): Promise<void> {
  for (let run = 0; run < kills; run += 1) {
    const operator = start();
    const before = sink.deliveries.length;
    const act = meanwhileAt(chance.below(within.milliseconds), () => meanwhile(run));
    const mails = 1 + chance.below(within.mails);
    const byTime = chance.next() < 0.4;
    const deadline = performance.now() + (byTime ? chance.below(within.milliseconds) : longest);
    while (performance.now() < deadline && sink.deliveries.length < before + mails) await wait(1);
    await wait(chance.below(30));
    // The connections of this moment are those that the kill cuts.
    sink.clientKilled();
    operator.signal('SIGKILL');
    await operator.ended;
    await act;
  }
}

/** Where no mail comes, for whatever reason, it is killed all the same. */
const longest = 10_000;

async function meanwhileAt(milliseconds: number, act: () => unknown): Promise<void> {
  await wait(milliseconds);
  await act();
}
