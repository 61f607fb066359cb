// Puts reply lines together to one reply (RFC 5321 section 4.2.1), strictly where a mistake could mislead,
// leniently where real servers differ; what was lenient is told.
import { isUtf8 } from 'node:buffer';
import { printable } from '../../api/fit-status.ts';
import type { Reply } from '../reply.ts';

export const mostLines = 100;

export type Parsed =
  | { readonly kind: 'more' }
  | { readonly kind: 'reply'; readonly reply: Reply; readonly lenient: readonly string[] }
  | { readonly kind: 'violation'; readonly what: string };

export interface ReplyParser {
  /** The bytes of one line, without its end. */
  feed(line: Buffer): Parsed;
}

interface Collected {
  readonly code: number;
  readonly texts: string[];
  readonly lenient: Set<string>;
}

export function createReplyParser(): ReplyParser {
  let collected: Collected | undefined;
  return {
    feed(bytes) {
      const line = parseLine(bytes);
      if (!line) return { kind: 'violation', what: 'a line that does not start with a reply code' };
      collected ??= { code: line.code, texts: [], lenient: new Set() };
      collected.texts.push(line.text);
      if (collected.texts.length > mostLines) {
        return { kind: 'violation', what: `a reply of more than ${mostLines} lines` };
      }
      if (line.code !== collected.code) {
        return { kind: 'violation', what: 'a reply whose lines have different codes' };
      }
      if (line.bareCode) collected.lenient.add('sends reply codes without a text');
      if (!line.last) return { kind: 'more' };
      const done = collected;
      collected = undefined;
      return { kind: 'reply', reply: reply(done), lenient: [...done.lenient] };
    },
  };
}

interface ReplyLine {
  readonly code: number;
  readonly last: boolean;
  readonly text: string;
  readonly bareCode: boolean;
}

function parseLine(bytes: Buffer): ReplyLine | undefined {
  const match = /^([2-5][0-9]{2})(?:$|([ -])(.*)$)/s.exec(visible(bytes));
  if (!match) return undefined;
  const [, code, separator, text] = match;
  return { code: Number(code), last: separator !== '-', text: text ?? '', bareCode: separator === undefined };
}

/** UTF-8 where it is (RFC 6531 section 3.7.4.2), else byte by byte; control characters as `\xNN`. */
function visible(bytes: Buffer): string {
  if (isUtf8(bytes)) return printable(bytes.toString('utf8'));
  return printable(bytes.toString('latin1')).replace(
    /[\x80-\xff]/g,
    (character) => `\\x${character.charCodeAt(0).toString(16)}`,
  );
}

/** The enhanced code's class must be the reply code's (RFC 2034 section 4); each line may repeat it. */
function reply({ code, texts }: Collected): Reply {
  const pattern = /^([245]\.\d{1,3}\.\d{1,3})(?:$| +)/;
  const found = pattern.exec(texts[0] ?? '')?.[1];
  const enhancedCode = found?.[0] === String(code)[0] ? found : undefined;
  const lines = enhancedCode ? texts.map((text) => text.replace(pattern, '')) : texts;
  return { code, enhancedCode, lines };
}
