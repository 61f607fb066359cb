// Tokens of Secrets, held for seconds: a storm reads each once. A new one is taken as soon as somebody brings it, and the
// one that was replaced goes on for a while: senders get the new one at another time than the operator.
import type { SecretKeyRef } from '../../api/references/secret-key-ref.ts';
import type { Clock } from '../../store/clock.ts';
import type { Store } from '../../store/store.ts';
import { type SecretText, secretText } from './secret-text.ts';

export interface HeldText {
  readonly found: SecretText;
  /** What it was until a few seconds ago. */
  readonly replaced: string | undefined;
}

/** `anew`: what is held does not fit. */
export type SecretTexts = (ref: SecretKeyRef, options?: { readonly anew: boolean }) => Promise<HeldText>;

/** Milliseconds for which what was read is not read again, and for which what was replaced goes on. */
const holds = 10_000;
/** The same of a failure, and of what does not fit. */
const holdsBriefly = 1_000;
/** One that nobody asked for this long is not held any more. */
const forgetAfter = 3_600_000;

interface Held {
  readonly read: Promise<SecretText>;
  readonly at: number;
  failed: boolean;
  text: string | undefined;
  replaced: { readonly text: string; readonly until: number } | undefined;
}

export function createSecretTexts(store: Pick<Store, 'read'>, { monotonic }: Pick<Clock, 'monotonic'>): SecretTexts {
  const held = new Map<string, Held>();

  function read(ref: SecretKeyRef, before: Held | undefined): Held {
    const reading = secretText(ref, store).then((found) => {
      next.failed = found.kind !== 'text';
      if (found.kind !== 'unavailable') replace(next, found.kind === 'text' ? found.text : undefined, monotonic());
      return found;
    });
    const next: Held = {
      failed: false,
      text: before?.text,
      replaced: before?.replaced,
      read: reading,
      at: monotonic(),
    };
    return next;
  }

  return async (ref, { anew } = { anew: false }) => {
    const id = JSON.stringify([ref.namespace, ref.name, ref.key, ref.fieldPath]);
    const now = monotonic();
    let known = held.get(id);
    if (!known || now >= known.at + (anew || known.failed ? holdsBriefly : holds)) {
      for (const [old, { at }] of held) if (now >= at + forgetAfter) held.delete(old);
      known = read(ref, known);
      held.set(id, known);
    }
    const found = await known.read;
    const { replaced } = known;
    return { found, replaced: replaced && monotonic() < replaced.until ? replaced.text : undefined };
  };
}

function replace(held: Held, text: string | undefined, now: number): void {
  if (held.text === text) return;
  if (held.text !== undefined) held.replaced = { text: held.text, until: now + holds };
  held.text = text;
}
