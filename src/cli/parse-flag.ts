// Turns the text of a flag into its value, or says what would be right.
import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../api/duration.ts';

export function duration(text: string): number {
  const milliseconds = parseDuration(text);
  if (milliseconds === undefined || milliseconds === 0)
    throw new InvalidArgumentError('It must be a duration such as 30s, 5m or 1h30m.');
  return milliseconds;
}

/** A duration of at most so much, for what becomes a timer. */
export function durationUpTo(longest: string): (text: string) => number {
  return (text) => {
    const milliseconds = duration(text);
    if (milliseconds > (parseDuration(longest) ?? 0)) throw new InvalidArgumentError(`It must be at most ${longest}.`);
    return milliseconds;
  };
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

/** As the resource's schema has it: what has no blank and no line break can smuggle no command into the conversation. */
export function mailAddress(text: string): string {
  if (!/^[^@\s<>\p{Cc}]+@[^@\s<>\p{Cc}]+$/u.test(text)) {
    throw new InvalidArgumentError('It must be an e-mail address such as relay@example.com.');
  }
  return text;
}

export function ehloName(text: string): string {
  const label = '[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?';
  if (!new RegExp(`^(\\[[0-9A-Za-z:.]+\\]|${label}([.]${label})+)$`).test(text)) {
    throw new InvalidArgumentError(
      'It must be a fully qualified domain name such as relay.example.com, or an address literal such as [192.0.2.1].',
    );
  }
  return text;
}

/** The same for namespaces, whose names are DNS labels (RFC 1123). */
export function gatherNamespaces(text: string, before: readonly string[] | undefined): readonly string[] {
  const names = gather(text, before);
  const wrong = names.find((name) => name.length > 63 || !/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(name));
  if (wrong !== undefined || names.length === 0) {
    throw new InvalidArgumentError('It must be the name of a namespace: lower-case letters, digits and "-".');
  }
  return names;
}

export function httpUrl(text: string): URL {
  const url = URL.parse(text);
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new InvalidArgumentError('It must be a URL such as https://alarms.example.com.');
  }
  return url;
}
