// Tokens and addresses of Secrets, held for seconds: a storm reads each once, and a new one is taken soon.
import type { Clock } from '../../store/clock.ts';
import type { Store } from '../../store/store.ts';
import { type SecretText, type SecretTextRef, secretText } from './secret-text.ts';

export type SecretTexts = (ref: SecretTextRef) => Promise<SecretText>;

/** Milliseconds for which a token that was replaced may still be taken. */
const holds = 10_000;

export function createSecretTexts(store: Pick<Store, 'read'>, { monotonic }: Pick<Clock, 'monotonic'>): SecretTexts {
  const held = new Map<string, { readonly read: Promise<SecretText>; readonly until: number }>();
  return (ref) => {
    const id = JSON.stringify([ref.namespace, ref.name, ref.key, ref.fieldPath]);
    const now = monotonic();
    const known = held.get(id);
    if (known && now < known.until) return known.read;
    for (const [old, { until }] of held) if (until <= now) held.delete(old);
    const read = secretText(ref, store);
    held.set(id, { read, until: now + holds });
    return read;
  };
}
