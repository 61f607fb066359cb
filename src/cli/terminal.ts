// A part of the terminal that is drawn again in place, with lines that scroll away above it. On anything that is no
// terminal (a file, a pipe, TERM=dumb) nothing is drawn and only the lines are printed.
import { stripVTControlCharacters } from 'node:util';
import { cutToWidth, displayWidth } from './display-width.ts';

/** What of a stream is needed; process.stdout is one. */
export interface ScreenStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): boolean;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

export interface ScreenSize {
  readonly width: number;
  readonly height: number;
}

export interface LiveScreen {
  /** Whether what is drawn is seen; where not, print lines. */
  readonly isLive: boolean;
  /** Draws in place of what was drawn before; called again when the window changes its size. */
  draw(render: (size: ScreenSize) => string): void;
  /** Prints a line that stays, above what is drawn. */
  line(text: string): void;
  /** Draws once more, all of it, leaves it standing and gives the cursor back. Safe to call twice. */
  close(): void;
}

const csi = '\u001b[';
const hideCursor = `${csi}?25l`;
const showCursor = `${csi}?25h`;
const clearBelow = `${csi}J`;
const clearAll = `${csi}2J${csi}H`;

export function liveScreen(stream: ScreenStream, env: NodeJS.ProcessEnv = process.env): LiveScreen {
  return stream.isTTY === true && env.TERM !== 'dumb' ? drawnScreen(stream) : plainLines(stream);
}

function plainLines(stream: ScreenStream): LiveScreen {
  return {
    isLive: false,
    draw() {},
    line: (text) => void stream.write(`${text}\n`),
    close() {},
  };
}

function drawnScreen(stream: ScreenStream): LiveScreen {
  let render: ((size: ScreenSize) => string) | undefined;
  let drawnLines = 0;
  let closed = false;

  const up = () => (drawnLines === 0 ? '\r' : `\r${csi}${drawnLines}A`);
  const drawing = (isLast: boolean) => {
    if (!render) return '';
    const size = { width: stream.columns ?? 80, height: stream.rows ?? 24 };
    // The last drawing may scroll, as nothing is drawn over it: then all of it can be read.
    const lines = fitted(render(size), isLast ? { ...size, height: Number.POSITIVE_INFINITY } : size);
    drawnLines = lines.length;
    return lines.map((line) => `${line}\n`).join('');
  };
  // In one write, so that no half-drawn table flickers.
  const redraw = (before: string, isLast = false) => {
    if (!closed) stream.write(`${before}${clearBelow}${drawing(isLast)}`);
  };
  // A terminal wraps what stood there anew, so that nobody knows how many lines it takes.
  const resized = () => redraw(clearAll);
  const restore = () => void stream.write(showCursor);

  stream.write(hideCursor);
  stream.on('resize', resized);
  process.once('exit', restore);
  return {
    isLive: true,
    draw(next) {
      render = next;
      redraw(up());
    },
    line: (text) => redraw(`${up()}${clearBelow}${text}\n`),
    close() {
      if (closed) return;
      redraw(up(), true);
      closed = true;
      stream.off('resize', resized);
      process.off('exit', restore);
      restore();
    },
  };
}

/** As many lines as the window has, none wider than it: a terminal that scrolls or wraps would be drawn over wrongly. */
function fitted(text: string, { width, height }: ScreenSize): string[] {
  const lines = text.replace(/\n$/, '').split('\n');
  const room = Math.max(1, height - 1);
  const shown =
    lines.length <= room ? lines : [...lines.slice(0, room - 1), `… and ${lines.length - room + 1} more lines`];
  return shown.map((line) => narrowed(line, width));
}

/** A painted line that is too wide loses its paint: a cut might go through an escape sequence. */
function narrowed(line: string, width: number): string {
  const bare = stripVTControlCharacters(line);
  return displayWidth(bare) <= width ? line : cutToWidth(bare, width);
}
