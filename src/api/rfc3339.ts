// Times as Kubernetes and certificates' tools write them: RFC 3339, with its offset.

const timePattern =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;

/** Milliseconds since the epoch; undefined where the text is no time of RFC 3339. */
export function parseRfc3339(text: string): number | undefined {
  const match = timePattern.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [sign, offsetHours, offsetMinutes] = [match[8], Number(match[9] ?? 0), Number(match[10] ?? 0)];
  if (hour > 23 || minute > 59 || second > 60 || offsetHours > 23 || offsetMinutes > 59) return undefined;
  const midnight = dayStart(year, month, day);
  if (midnight === undefined) return undefined;
  // A leap second (RFC 3339 §5.7) has no number of its own in POSIX time: it is the last one before it.
  const time = ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000 + milliseconds(match[7]);
  const offset = (offsetHours * 60 + offsetMinutes) * 60_000;
  return midnight + time - (sign === '-' ? -offset : offset);
}

function dayStart(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() : undefined;
}

function milliseconds(fraction: string | undefined): number {
  return fraction === undefined ? 0 : Number(fraction.slice(0, 3).padEnd(3, '0'));
}
