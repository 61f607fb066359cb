// Which objects have series of their own: the first so many that came, for as long as they exist. The others share one
// series, so that no number of relays or policies can flood whoever scrapes.
import { type Key, keyText } from '../../api/resource.ts';

export interface LabelBudget {
  /** The key itself, or `others`. */
  of(key: Key): Key;
  /** Frees the places of all that are not among these; gives those whose series have to go. */
  retain(living: readonly Key[]): readonly Key[];
}

/** No object has this key: names of namespaces are not empty. */
export const others: Key = { namespace: '', name: 'other' };

/** As many objects of a kind as have series of their own. */
export const mostObjects = 1_000;

export function createLabelBudget(most: number): LabelBudget {
  const places = new Map<string, Key>();
  return {
    of(key) {
      const id = keyText(key);
      if (places.has(id)) return key;
      if (places.size >= most) return others;
      places.set(id, { namespace: key.namespace, name: key.name });
      return key;
    },
    retain(living) {
      const ids = new Set(living.map(keyText));
      const gone = [...places].filter(([id]) => !ids.has(id));
      for (const [id] of gone) places.delete(id);
      return gone.map(([, key]) => key);
    },
  };
}
