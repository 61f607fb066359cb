// Turns the text of a flag into its value, or says what would be right.
import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../api/duration.ts';

export function duration(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined || milliseconds === 0)
    throw new InvalidArgumentError('It must be a duration such as 30s, 5m or 1h30m.');
  return milliseconds;
}

export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^[0-9]+$/.test(text) || value < from || value > to) {
      throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
    }
    return value;
  };
}

/** Gathers a flag that may be given several times, or with commas. */
export function gather(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ...text.split(',').filter((part) => part !== '')];
}
