// How deep a JSON text is nested, before it is parsed: a few MiB of brackets would become hundreds of MiB of objects.

/** No form that is read here has more than a handful; foreign data in a CloudEvent may. */
export const deepest = 100;

/** One pass over the bytes; of a text that is no JSON the answer means nothing. */
export function isTooDeep(body: Buffer): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === quote) inString = !inString;
    else if (inString) at += byte === backslash ? 1 : 0;
    else if (byte === brace.open || byte === bracket.open) depth += 1;
    else if (byte === brace.close || byte === bracket.close) depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}

const quote = 0x22;
const backslash = 0x5c;
const brace = { open: 0x7b, close: 0x7d };
const bracket = { open: 0x5b, close: 0x5d };
