// What was said, for status and `probe -v`: at most 40 lines and 4 KiB, the beginning and the end of it.
// Whoever sends a line with a credential hands in what may be shown instead; what a server says back is scrubbed.
import { truncate } from '../../api/fit-status.ts';
import type { Reply } from '../reply.ts';

/** For a conversation that nobody reads. */
export const noTranscript: Transcript = {
  said: () => undefined,
  heard: () => undefined,
  note: () => undefined,
  replaceBy: () => undefined,
  lines: () => [],
};

const mostLines = 40;
const mostBytes = 4096;
const longestShown = 200;
const headLines = 20;
/** Half, so that the end of the conversation always has room. */
const headBytes = mostBytes / 2;
const tailLines = mostLines - headLines - 1;

export interface Transcript {
  said(line: string): void;
  heard(reply: Reply): void;
  /** Something about the conversation that is no line of it, such as `TLS starts`. */
  note(text: string): void;
  /** Forgets all and shows only this: what a peer says that is no SMTP server is not ours to publish. */
  replaceBy(text: string): void;
  lines(): string[];
}

/** `scrub` takes out of a line what must not be told. */
export function createTranscript(scrub: (line: string) => string): Transcript {
  const head: string[] = [];
  const tail: string[] = [];
  let room = headBytes;
  let omitted = 0;
  let replacement: string | undefined;

  function add(line: string): void {
    const shown = truncate(scrub(line), longestShown);
    room -= Buffer.byteLength(shown) + 1;
    if (room >= 0 && head.length < headLines) {
      head.push(shown);
      return;
    }
    room = 0; // once a line is past the beginning, all later ones are
    tail.push(shown);
    if (tail.length <= tailLines) return;
    tail.shift();
    omitted += 1;
  }

  return {
    said: (line) => add(`C: ${line}`),
    heard: (reply) => {
      for (const line of replyLines(reply)) add(`S: ${line}`);
    },
    note: (text) => add(`-- ${text}`),
    replaceBy: (text) => {
      replacement = text;
    },
    lines: () => (replacement === undefined ? fitted(head, tail, omitted) : [replacement]),
  };
}

function replyLines({ code, enhancedCode, lines }: Reply): string[] {
  const prefix = enhancedCode ? `${enhancedCode} ` : '';
  return lines.map((text, index) => {
    const separator = index < lines.length - 1 ? '-' : ' ';
    return `${code}${separator}${prefix}${text}`.trimEnd();
  });
}

function fitted(head: readonly string[], end: readonly string[], omittedBefore: number): string[] {
  const tail = [...end];
  let omitted = omittedBefore;
  const all = () => (omitted === 0 ? [...head, ...tail] : [...head, `-- ${omitted} lines left out`, ...tail]);
  while (Buffer.byteLength(all().join('\n')) > mostBytes && tail.length > 0) {
    tail.shift();
    omitted += 1;
  }
  return all();
}
