import { EventEmitter } from 'node:events';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { liveScreen, type ScreenStream } from '../../src/cli/terminal.ts';

/** A terminal that obeys the few sequences in use, so that the tests see what a person would. */
class Terminal extends EventEmitter implements ScreenStream {
  isTTY = true;
  columns = 40;
  rows = 10;
  cursorHidden = false;
  output = '';
  readonly lines: string[] = [''];
  #row = 0;

  write(text: string): boolean {
    this.output += text;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with one
    for (const [token] of text.matchAll(/\u001b\[[?\d;]*[A-Za-z]|[^\u001b]/gu)) this.#obey(token);
    return true;
  }

  shown(): string[] {
    return this.lines.slice(0, -1);
  }

  #obey(token: string): void {
    if (token === '\u001b[?25l') this.cursorHidden = true;
    else if (token === '\u001b[?25h') this.cursorHidden = false;
    else if (token === '\u001b[J') this.lines.splice(this.#row, this.lines.length, '');
    else if (token === '\u001b[2J') this.lines.splice(0, this.lines.length, '');
    else if (token === '\u001b[H') this.#row = 0;
    else if (token.endsWith('A') && token.startsWith('\u001b[')) this.#row -= Number(token.slice(2, -1));
    else if (token === '\n') {
      this.#row += 1;
      this.lines[this.#row] ??= '';
    } else if (token !== '\r') this.lines[this.#row] += token;
  }
}

const tty = { TERM: 'xterm' };

describe('on a terminal', () => {
  test('what is drawn takes the place of what was drawn, also where it is shorter', () => {
    const terminal = new Terminal();
    const screen = liveScreen(terminal, tty);
    screen.draw(() => 'one\ntwo\nthree\n');
    screen.draw(() => 'other\n');
    expect(terminal.shown()).toEqual(['other']);
  });

  test('lines stay above what is drawn', () => {
    const terminal = new Terminal();
    const screen = liveScreen(terminal, tty);
    screen.line('first');
    screen.draw(() => 'table\nrow');
    screen.line('second');
    screen.draw(() => 'table');
    expect(terminal.shown()).toEqual(['first', 'second', 'table']);
  });

  test('whatever is drawn and printed, the end shows all lines and the last drawing', () => {
    const step = fc.oneof(
      fc.record({ line: fc.stringMatching(/^[a-z]{1,30}$/) }),
      fc.record({ draw: fc.array(fc.stringMatching(/^[a-z]{1,30}$/), { minLength: 1, maxLength: 8 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const terminal = new Terminal();
        const screen = liveScreen(terminal, tty);
        const printed: string[] = [];
        let drawn: string[] = [];
        for (const one of steps) {
          if ('line' in one) {
            screen.line(one.line);
            printed.push(one.line);
          } else {
            drawn = one.draw;
            screen.draw(() => one.draw.join('\n'));
          }
        }
        screen.close();
        expect(terminal.shown()).toEqual([...printed, ...drawn]);
      }),
    );
  });

  test('the cursor is hidden while it draws and given back at the close, which may come twice', () => {
    const terminal = new Terminal();
    const screen = liveScreen(terminal, tty);
    expect(terminal.cursorHidden).toBe(true);
    screen.draw(() => 'table');
    screen.close();
    expect(terminal.cursorHidden).toBe(false);
    const output = terminal.output;
    screen.close();
    screen.draw(() => 'late');
    expect(terminal.output).toBe(output);
    expect(terminal.shown()).toEqual(['table']);
    expect(terminal.listenerCount('resize')).toBe(0);
  });

  test('a window of another size is drawn anew for that size', () => {
    const terminal = new Terminal();
    const screen = liveScreen(terminal, tty);
    screen.draw(({ width, height }) => `${width} columns, ${height} lines`);
    Object.assign(terminal, { columns: 60, rows: 20 });
    terminal.emit('resize');
    expect(terminal.shown()).toEqual(['60 columns, 20 lines']);
  });

  test('what is too much for the window is cut: it would scroll or wrap, and be drawn over wrongly', () => {
    const terminal = new Terminal();
    Object.assign(terminal, { columns: 8, rows: 4 });
    const screen = liveScreen(terminal, tty);
    screen.draw(() => 'a line too wide\n2\n3\n4\n5\n6');
    expect(terminal.shown()).toEqual(['a line …', '2', '… and 4…']);
    screen.draw(() => '\u001b[31mpainted and too wide\u001b[39m');
    expect(terminal.shown()).toEqual(['painted…']);
  });
});

describe.each([
  ['a pipe', { isTTY: false }, tty],
  ['a terminal that can do nothing', { isTTY: true }, { TERM: 'dumb' }],
])('on %s', (_name, stream, env) => {
  test('nothing is drawn and lines are printed as they are', () => {
    const terminal = Object.assign(new Terminal(), stream);
    const screen = liveScreen(terminal, env);
    expect(screen.isLive).toBe(false);
    screen.draw(() => 'table');
    screen.line('a transition');
    screen.close();
    expect(terminal.output).toBe('a transition\n');
  });
});
