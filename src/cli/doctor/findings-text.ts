// Findings for people: a line each, with its remedy below.
import { styleText } from 'node:util';
import { printable } from '../../api/fit-status.ts';
import { wrapToWidth } from '../display-width.ts';
import type { Checked, Verdict } from './finding.ts';

export interface FindingLayout {
  readonly width: number;
  readonly color: boolean;
}

const marks = { ok: '✓', warning: '!', failed: '✗' } as const;
const styles = { ok: 'green', warning: 'yellow', failed: 'red' } as const;
const indent = '  ';
const narrowest = 40;

export function findingText({ check, verdict, message, remedy }: Checked, { width, color }: FindingLayout): string {
  const room = Math.max(narrowest, width - indent.length);
  const mark = color ? styleText(styles[verdict], marks[verdict], { validateStream: false }) : marks[verdict];
  const [first = '', ...more] = wrapToWidth(printable(`${check}: ${message}`), room);
  const remedies = remedy === undefined ? [] : wrapToWidth(printable(remedy), room - indent.length);
  return [
    `${mark} ${first}`,
    ...more.map((line) => `${indent}${line}`),
    ...remedies.map((line) => `${indent}${indent}${line}`),
  ].join('\n');
}

export function summaryText(all: readonly Checked[]): string {
  const count = (wanted: Verdict) => all.filter(({ verdict }) => verdict === wanted).length;
  const [failed, warnings] = [count('failed'), count('warning')];
  const verdict = failed > 0 ? 'Something is to be mended' : 'Nothing has to be mended';
  return `${verdict}: ${count('ok')} in order, ${warnings} to look at (!), ${failed} wrong (✗).`;
}

export function findingsJson(all: readonly Checked[]): string {
  const ok = all.every(({ verdict }) => verdict !== 'failed');
  const checks = all.map(({ remedy, ...rest }) => ({ ...rest, remedy: remedy ?? null }));
  return `${JSON.stringify({ ok, checks }, undefined, 2)}\n`;
}
