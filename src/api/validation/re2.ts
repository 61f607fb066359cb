// Regular expressions of CEL rules are RE2's; this says the same in JavaScript's syntax. What cannot be said throws,
// so that a rule that this program would read otherwise than the API server is found by the first test that compiles it.

/** A JavaScript expression that matches what RE2's default mode matches. */
export function re2(pattern: string): RegExp {
  const inlineFlags = /^\(\?([ims]+)\)/.exec(pattern);
  const flags = inlineFlags?.[1] ?? '';
  const body = translate(pattern.slice(inlineFlags?.[0].length ?? 0), flags.includes('s'));
  return new RegExp(body, `u${flags.includes('i') ? 'i' : ''}${flags.includes('m') ? 'm' : ''}`);
}

const outsideClass: Readonly<Record<string, string>> = {
  '\\s': '[\\t\\n\\f\\r ]',
  '\\S': '[^\\t\\n\\f\\r ]',
  '\\A': '(?<![\\s\\S])',
  '\\z': '(?![\\s\\S])',
};
const insideClass: Readonly<Record<string, string>> = { '\\s': '\\t\\n\\f\\r ' };

const posixClasses: Readonly<Record<string, string>> = {
  alnum: '0-9A-Za-z',
  alpha: 'A-Za-z',
  digit: '0-9',
  lower: 'a-z',
  upper: 'A-Z',
  space: '\\t\\n\\v\\f\\r ',
  xdigit: '0-9A-Fa-f',
};

function translate(pattern: string, dotMatchesNewline: boolean): string {
  let inClass = false;
  return pattern.replace(
    /\\x\{[0-9A-Fa-f]+\}|\\[pP](?:\{\^?\w+\}|\w)|\\x[0-9A-Fa-f]{2}|\\.|\[:\w+:\]|\(\?P<|[\s\S]/gu,
    (token) => {
      if (token === '[' && !inClass) {
        inClass = true;
        return token;
      }
      if (token === ']' && inClass) {
        inClass = false;
        return token;
      }
      if (inClass) return classToken(token);
      if (token === '.') return dotMatchesNewline ? '[\\s\\S]' : '[^\\n]';
      if (token === '(?P<') return '(?<';
      if (token === ']' || token === '}' || token === '{') return quantifierBrace(token);
      return outsideClass[token] ?? escapeToken(token);
    },
  );
}

/** Braces stay as they are: those of quantifiers are the same, and lone ones are refused by both or by us. */
function quantifierBrace(token: string): string {
  return token === ']' ? '\\]' : token;
}

function classToken(token: string): string {
  const posix = /^\[:(\w+):\]$/.exec(token);
  if (posix) {
    const members = posixClasses[posix[1] ?? ''];
    if (members === undefined) throw new SyntaxError(`the class ${token} has no translation`);
    return members;
  }
  if (token === '[') return '\\[';
  if (token === '\\S') throw new SyntaxError('\\S in a class has no translation');
  return insideClass[token] ?? escapeToken(token);
}

/** RE2 takes a backslash before any punctuation; JavaScript's `u` mode only before its own syntax characters. */
function escapeToken(token: string): string {
  if (!token.startsWith('\\')) return token;
  if (token.startsWith('\\x{')) return `\\u${token.slice(2)}`;
  if (/^\\[pP]\w$/.test(token)) return `${token.slice(0, 2)}{${token.slice(2)}}`;
  if (token === '\\a') return '\\x07';
  if (/^\\[^\w^$\\.*+?()[\]{}|/-]$/u.test(token)) return token.slice(1);
  return token === '\\-' ? '\\x2d' : token;
}
