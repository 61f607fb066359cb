// One copy of texts that come again and again. Bounded: past so many it begins anew, which costs copies and no more.

export type Interner = (text: string) => string;

export function createInterner(most: number): Interner {
  let known = new Map<string, string>();
  return (text) => {
    const held = known.get(text);
    if (held !== undefined) return held;
    if (known.size >= most) known = new Map();
    known.set(text, text);
    return text;
  };
}
