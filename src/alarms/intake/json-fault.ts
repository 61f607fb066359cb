// Where a text stops being JSON (RFC 8259). V8 says so for some texts only, and quotes the text, which goes into no log.

/** `line 3, column 14: …`; for a text that JSON.parse refused. One pass, without recursion. */
export function jsonFault(text: string): string {
  const open: ('{' | '[')[] = [];
  let wants: Want = 'value';
  let at = 0;
  for (;;) {
    at += matched(/[ \t\n\r]*/y, text, at);
    const token = tokenAt(text, at);
    const next = step(wants, token.kind, open);
    if (next === undefined) return `${place(text, at)}: ${fault(token.kind, wants)}`;
    if (token.kind === 'end') return 'it cannot be read';
    at += token.length;
    wants = next;
  }
}

type Want = 'value' | 'valueOrEnd' | 'name' | 'nameOrEnd' | 'colon' | 'more';
type TokenKind = '{' | '}' | '[' | ']' | ',' | ':' | 'string' | 'scalar' | 'end' | 'unknown';

function tokenAt(text: string, at: number): { readonly kind: TokenKind; readonly length: number } {
  if (at >= text.length) return { kind: 'end', length: 0 };
  const character = text[at] ?? '';
  if (isPunctuation(character)) return { kind: character, length: 1 };
  const string = character === '"' ? stringLength(text, at) : 0;
  if (string > 0) return { kind: 'string', length: string };
  const scalar = matched(/(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y, text, at);
  return scalar > 0 ? { kind: 'scalar', length: scalar } : { kind: 'unknown', length: 0 };
}

/** 0 where it does not end or holds what it may not. A loop, since an expression would need a stack as deep as it is long. */
function stringLength(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1 - start;
    // Unescaped control characters (RFC 8259 §7).
    if (code < 0x20) return 0;
    const length = code === 0x5c ? matched(/\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y, text, at) : 1;
    if (length === 0) return 0;
    at += length;
  }
  return 0;
}

function isPunctuation(character: string): character is '{' | '}' | '[' | ']' | ',' | ':' {
  return character !== '' && '{}[],:'.includes(character);
}

/** What may follow; undefined where the token may not stand here. */
function step(wants: Want, token: TokenKind, open: ('{' | '[')[]): Want | undefined {
  const inside = open.at(-1);
  if (token === 'end') return wants === 'more' && inside === undefined ? 'more' : undefined;
  switch (wants) {
    case 'value':
    case 'valueOrEnd':
      if (token === 'string' || token === 'scalar') return 'more';
      if (token === ']' && wants === 'valueOrEnd') return close(open);
      if (token !== '{' && token !== '[') return undefined;
      open.push(token);
      return token === '{' ? 'nameOrEnd' : 'valueOrEnd';
    case 'name':
    case 'nameOrEnd':
      if (token === '}' && wants === 'nameOrEnd') return close(open);
      return token === 'string' ? 'colon' : undefined;
    case 'colon':
      return token === ':' ? 'value' : undefined;
    case 'more':
      if (token === ',' && inside) return inside === '{' ? 'name' : 'value';
      return (token === '}' && inside === '{') || (token === ']' && inside === '[') ? close(open) : undefined;
  }
}

function close(open: ('{' | '[')[]): Want {
  open.pop();
  return 'more';
}

function fault(token: TokenKind, wants: Want): string {
  if (token === 'end') return 'it ends too early';
  const expected: Readonly<Record<Want, string>> = {
    value: 'a value',
    valueOrEnd: 'a value or ]',
    name: 'a name in double quotes',
    nameOrEnd: 'a name in double quotes or }',
    colon: 'a colon',
    more: 'a comma or the end of what is open',
  };
  return `${expected[wants]} is expected here`;
}

function matched(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

function place(text: string, at: number): string {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  return `line ${line}, column ${at - before.lastIndexOf('\n')}`;
}
