// Durations as the resources write them: one or more numbers with a unit, such as 30s, 5m or 1h30m.

const unitMilliseconds = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
type Unit = keyof typeof unitMilliseconds;

const durationPattern = /^([0-9]+(ms|s|m|h|d))+$/;

/** Milliseconds of a duration such as `1h30m`, or undefined where the text is none. */
export function parseDuration(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/([0-9]+)(ms|s|m|h|d)/g)) {
    total += Number(amount) * unitMilliseconds[unit as Unit];
  }
  return Number.isSafeInteger(total) ? total : undefined;
}

/** The shortest exact text for whole milliseconds: 90000 is `1m30s`, 0 is `0ms`. */
export function formatDuration(milliseconds: number): string {
  let rest = Math.round(milliseconds);
  let text = '';
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const amount = Math.floor(rest / unitMilliseconds[unit]);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * unitMilliseconds[unit];
  }
  return text === '' ? '0ms' : text;
}
