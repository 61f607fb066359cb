// What arrived at a sink, held to the promise: each message at least once, and none twice but what was between its final
// dot and the operator's memory of the reply when the operator or the server was killed. Decides only.

export interface Delivery {
  readonly to: string;
  readonly messageId: string;
  readonly raw: string;
  readonly connection: number;
  /** When the final dot came, milliseconds. */
  readonly at: number;
}

export interface Break {
  /** When a kill cut the connection, by the same clock. */
  readonly at: number;
  /** Whether the operator said anything after the last final dot: then it had kept what became of that message. */
  readonly wentOn: boolean;
}

export interface Verdict {
  readonly arrived: ReadonlySet<string>;
  /** Copies that came though the one before had been kept, each a sentence. */
  readonly wrong: readonly string[];
  /** Copies that a kill explains. */
  readonly excused: number;
}

/** So long an operator on a busy machine may take from a reply to a durable memory of it. */
const keptWithin = 5_000;

export function judge(deliveries: readonly Delivery[], breaks: ReadonlyMap<number, Break>): Verdict {
  const wrong: string[] = [];
  let excused = 0;
  const last = new Map<string, Delivery>();
  const lastOf = new Map(deliveries.map((delivery) => [delivery.connection, delivery]));
  for (const delivery of deliveries) {
    const before = last.get(delivery.to);
    last.set(delivery.to, delivery);
    if (!before) continue;
    const why = whyWrong(before, delivery, { cut: breaks.get(before.connection), lastOf });
    if (why === undefined) excused += 1;
    else wrong.push(`${delivery.to} got it again at ${Math.round(delivery.at)}: ${why}`);
  }
  return { arrived: new Set(last.keys()), wrong, excused };
}

interface Around {
  readonly cut: Break | undefined;
  readonly lastOf: ReadonlyMap<number, Delivery>;
}

function whyWrong(before: Delivery, again: Delivery, { cut, lastOf }: Around): string | undefined {
  if (before.messageId !== again.messageId) return 'with another Message-ID';
  if (before.raw !== again.raw) return 'with other bytes';
  if (lastOf.get(before.connection) !== before) return 'its connection had gone on to another message';
  if (!cut) return 'nothing had been killed on its connection';
  if (cut.wentOn) return 'the operator had gone on after the reply';
  const wait = cut.at - before.at;
  return wait > keptWithin ? `the kill came ${Math.round(wait)} ms after the final dot` : undefined;
}
