// What others ask of a spool while a process holds it: a file `wishes/<id>.retry` or `wishes/<id>.drop`, which goes once
// the wish is done. Whoever left it looks for that.
import { dropMessage, retryMessage } from './spool-change.ts';
import { type SpoolState, wishesBox } from './spool-state.ts';

export const wishKinds = ['retry', 'drop'] as const;
export type WishKind = (typeof wishKinds)[number];

export function wishName(id: string, kind: WishKind): string {
  return `${id}.${kind}`;
}

/** Ends some time after the signal aborts. Never rejects. */
export async function fulfilWishes(spool: SpoolState, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await spool.clock.sleep(lookMs, signal);
    if (!signal.aborted) await fulfilOnce(spool);
  }
}

const lookMs = 1_000;

async function fulfilOnce(spool: SpoolState): Promise<void> {
  const subject = 'wishes of the spool';
  try {
    const names: string[] = [];
    await spool.files.scan(wishesBox, ({ name }) => names.push(name));
    for (const name of names) await fulfil(spool, name);
    spool.problem({ subject, message: undefined });
  } catch (error) {
    const message = `What is asked of the spool cannot be read: ${String(error)}`;
    spool.problem({ subject, message, warning: true });
  }
}

async function fulfil(spool: SpoolState, name: string): Promise<void> {
  const kind = wishKinds.find((one) => name.endsWith(`.${one}`));
  const id = kind && name.slice(0, -kind.length - 1);
  if (id !== undefined && kind === 'retry') await retryMessage(spool, id);
  if (id !== undefined && kind === 'drop') await dropMessage(spool, id);
  await spool.files.remove(wishesBox, name, { durable: false });
}
