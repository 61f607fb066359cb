// What makes an alarm the same one when it is told again: its source, its labels, and its text where that tells apart.
import { createHash } from 'node:crypto';
import { normalizedText } from './normalized-text.ts';

export interface AlarmIdentity {
  readonly source: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly text: string;
}

/** 32 hexadecimal digits. */
export function fingerprintOf({ source, labels, text }: AlarmIdentity, mode: 'Normalized' | 'Exact'): string {
  // As Alertmanager has it, an empty label is no label.
  const sorted = Object.entries(labels)
    .filter(([, value]) => value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const identity = JSON.stringify([source, sorted, mode === 'Exact' ? text : normalizedText(text)]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}
