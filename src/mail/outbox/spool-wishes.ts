// What others ask of a spool while a process holds it: a file `wishes/<id>.retry`, or `wishes/<id>.drop` with the reason in
// it, which goes once the wish is done. Whoever left it looks for that.
import { dropMessage, retryMessage } from './spool-change.ts';
import { type SpoolState, wishesBox } from './spool-state.ts';

export const wishKinds = ['retry', 'drop'] as const;
export type WishKind = (typeof wishKinds)[number];

export function wishName(id: string, kind: WishKind): string {
  return `${id}.${kind}`;
}

/** Ends some time after the signal aborts. Never rejects. */
export async function fulfilWishes(spool: SpoolState, signal: AbortSignal): Promise<void> {
  let fault: string | undefined;
  while (!signal.aborted) {
    await spool.clock.sleep(lookMs, signal);
    if (signal.aborted) return;
    const before = fault;
    fault = await fulfilOnce(spool);
    if (fault !== before) spool.problem({ subject: 'wishes of the spool', message: fault, warning: true });
  }
}

const lookMs = 1_000;

/** A sentence where they cannot be read. */
async function fulfilOnce(spool: SpoolState): Promise<string | undefined> {
  try {
    const wishes: Wish[] = [];
    await spool.files.scan(wishesBox, ({ name, start }) => wishes.push({ name, text: start.toString('utf8') }));
    for (const wish of wishes) await fulfil(spool, wish);
    return undefined;
  } catch (error) {
    return `What is asked of the spool cannot be read: ${String(error)}`;
  }
}

interface Wish {
  readonly name: string;
  readonly text: string;
}

async function fulfil(spool: SpoolState, { name, text }: Wish): Promise<void> {
  const kind = wishKinds.find((one) => name.endsWith(`.${one}`));
  const id = kind && name.slice(0, -kind.length - 1);
  if (id !== undefined && kind === 'retry') await retryMessage(spool, id);
  if (id !== undefined && kind === 'drop') await dropMessage(spool, id, text);
  await spool.files.remove(wishesBox, name, { durable: false });
}
