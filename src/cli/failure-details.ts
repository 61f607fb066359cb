// What a table has no room for: why each failing relay or policy fails and what to do about it, then what is not a failure yet.
import { styleText } from 'node:util';
import { printable } from '../api/fit-status.ts';
import { keyText } from '../api/resource.ts';
import type { StoredPolicy } from '../store/policy-store.ts';
import type { StoredRelay } from '../store/store.ts';
import { wrapToWidth } from './display-width.ts';
import { type Judged, readyCondition } from './object-table.ts';

export interface FailureDetailsOptions {
  readonly width?: number | undefined;
  readonly color?: boolean;
  readonly policies?: readonly StoredPolicy[];
}

/** Paragraphs with an empty line between; empty where nothing fails and nothing is to be warned of. */
export function failureDetails(
  relays: readonly StoredRelay[],
  { width = 100, color = false, policies = [] }: FailureDetailsOptions = {},
): string {
  const paint: Paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);
  const paragraphs = [
    ...[...relays, ...policies].flatMap((one) => failureOf(one, { width, paint })),
    ...relays.flatMap((relay) => warningsOf(relay, { width, paint })),
  ];
  return paragraphs.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

type Paint = (style: 'red' | 'yellow' | 'bold', text: string) => string;

interface Layout {
  readonly width: number;
  readonly paint: Paint;
}

const indent = '  ';
const narrowest = 20;

function failureOf(one: Judged, layout: Layout): string[][] {
  const ready = readyCondition(one);
  if (ready?.status !== 'False') return [];
  const { reason, message = '' } = ready;
  return [[heading(one, reason, { ...layout, style: 'red' }), ...indented([message], layout)]];
}

function warningsOf(relay: StoredRelay, layout: Layout): string[][] {
  const warnings = relay.status?.lastProbe?.warnings ?? [];
  return warnings.map(({ reason, message }) => [
    heading(relay, `warning ${reason}`, { ...layout, style: 'yellow' }),
    ...indented([message], layout),
  ]);
}

function heading({ metadata }: Judged, what: string, { paint, style }: Layout & { style: 'red' | 'yellow' }): string {
  return `${paint('bold', printable(keyText(metadata)))}: ${paint(style, printable(what))}`;
}

function indented(texts: readonly string[], { width }: Layout): string[] {
  const room = Math.max(narrowest, width - indent.length);
  const lines = texts.flatMap((text) => text.split('\n')).map(printable);
  return lines.flatMap((line) => wrapToWidth(line, room)).map((line) => `${indent}${line}`);
}
