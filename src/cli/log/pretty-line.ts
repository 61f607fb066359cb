// A line of the log for a person: time, level, what it is about, the message, and then the other fields.
import { styleText } from 'node:util';
import { printable } from '../../api/fit-status.ts';

const levels: Readonly<Record<number, readonly [string, 'gray' | 'green' | 'yellow' | 'red']>> = {
  20: ['DEBUG', 'gray'],
  30: ['INFO ', 'green'],
  40: ['WARN ', 'yellow'],
  50: ['ERROR', 'red'],
};

/** `json` is a line as pino writes it. */
export function prettyLine(json: string, color: boolean): string {
  const { level, time, msg, relay, policy, rule, error, namespace: _, name: __, ...others } = JSON.parse(json);
  const style = (format: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(format, text, { validateStream: false }) : text;
  const [word, hue] = levels[level] ?? [String(level), 'red' as const];
  const about = [relay, policy, rule].filter((part) => part !== undefined).join(' ');
  const parts = [
    style('gray', String(time).slice(11, 19)),
    style(hue, word),
    ...(about === '' ? [] : [style('bold', printable(about))]),
    printable(String(msg)),
    ...Object.entries(others).map(([name, value]) => style('gray', printable(`${name}=${value}`))),
  ];
  // A stack keeps its lines.
  const stack = error === undefined ? [] : String(error).split('\n').map(printable);
  return `${[parts.join(' '), ...stack].join('\n')}\n`;
}
