// Times in words, in a reader's zone and language: `Tuesday, 24 November 2026, 17:00 (Europe/Berlin, UTC+1)`, or by the
// directives of strftime.

export interface Reader {
  /** BCP 47; one that is not understood reads English. */
  readonly locale: string;
  /** IANA; one that is not known reads UTC. */
  readonly timeZone: string;
}

/** The day and the time with its zone named, so that nobody has to guess whose clock it is. */
export function longTime(at: number, reader: Reader): string {
  const clock = clockOf(reader);
  const day = clock.day.format(at);
  const { hour = '', minute = '' } = clock.parts(at);
  return `${day}, ${hour}:${minute} (${zoneName(clock, at)})`;
}

/** Directives that `formatTime` knows, with what each gives for the sample in docs/templates.md. */
export const directives = ['%Y', '%m', '%d', '%e', '%B', '%b', '%A', '%a', '%H', '%M', '%S', '%Z', '%z', '%%'] as const;

export function unknownDirective(format: string): string | undefined {
  return format.match(/%.?/gsu)?.find((found) => !directives.some((known) => known === found));
}

/** Leaves directives it does not know as they are; `unknownDirective` finds them when the template is read. */
export function formatTime(at: number, format: string, reader: Reader): string {
  const clock = clockOf(reader);
  const parts = clock.parts(at);
  return format.replace(/%./gsu, (directive) => directiveText({ directive, parts, clock, at }));
}

interface Directive {
  readonly directive: string;
  readonly parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>>;
  readonly clock: Clock;
  readonly at: number;
}

function directiveText({ directive, parts, clock, at }: Directive): string {
  const texts: Readonly<Record<string, () => string | undefined>> = {
    '%Y': () => parts.year,
    '%m': () => parts.month,
    '%d': () => parts.day,
    '%e': () => parts.day?.replace(/^0/, ''),
    '%B': () => clock.name(at, 'month', 'long'),
    '%b': () => clock.name(at, 'month', 'short'),
    '%A': () => clock.name(at, 'weekday', 'long'),
    '%a': () => clock.name(at, 'weekday', 'short'),
    '%H': () => parts.hour,
    '%M': () => parts.minute,
    '%S': () => parts.second,
    '%Z': () => clock.timeZone,
    '%z': () => clock.offset(at).replace(':', ''),
    '%%': () => '%',
  };
  return texts[directive]?.() ?? directive;
}

function zoneName(clock: Clock, at: number): string {
  if (/^(Etc\/)?(UTC|UCT|Zulu|Universal)$|^(Etc\/)?GMT$/.test(clock.timeZone)) return 'UTC';
  const [, sign = '+', hours = '0', minutes = '00'] = /^([+-])0?(\d+):(\d\d)$/.exec(clock.offset(at)) ?? [];
  return `${clock.timeZone}, UTC${sign}${hours}${minutes === '00' ? '' : `:${minutes}`}`;
}

interface Clock {
  readonly timeZone: string;
  readonly day: Intl.DateTimeFormat;
  parts(at: number): Partial<Record<Intl.DateTimeFormatPartTypes, string>>;
  name(at: number, part: 'month' | 'weekday', style: 'long' | 'short'): string;
  /** `+01:00`. */
  offset(at: number): string;
}

// A format takes longer to make than a mail to render, and a run has few zones and languages.
const clocks = new Map<string, Clock>();
const keptClocks = 200;

function clockOf({ locale, timeZone }: Reader): Clock {
  const key = `${locale} ${timeZone}`;
  const known = clocks.get(key);
  if (known) return known;
  if (clocks.size >= keptClocks) clocks.clear();
  // Asking whether a zone can be used takes as long as to make the format.
  const clock = makeClock(usableLocale(locale), usableZone(timeZone));
  clocks.set(key, clock);
  return clock;
}

function makeClock(locale: string, timeZone: string): Clock {
  // English as most of the world writes it: day before month.
  const language = locale === 'en' ? 'en-GB' : locale;
  const format = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(language, { calendar: 'gregory', numberingSystem: 'latn', timeZone, ...options });
  const day = format({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const digits = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, hourCycle: 'h23', timeZoneName: 'longOffset' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  });
  const named = new Map<string, Intl.DateTimeFormat>();
  const naming = (part: 'month' | 'weekday', style: 'long' | 'short') => {
    const known = named.get(part + style) ?? format({ day: 'numeric', month: 'long', [part]: style });
    named.set(part + style, known);
    return known;
  };
  const parts = (at: number) => Object.fromEntries(digits.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    timeZone,
    day,
    parts,
    name: (at, part, style) =>
      naming(part, style)
        .formatToParts(at)
        .find(({ type }) => type === part)?.value ?? '',
    offset: (at) => parts(at).timeZoneName?.replace(/^GMT$/, '+00:00').replace(/^GMT/, '') ?? '+00:00',
  };
}

function usableLocale(locale: string): string {
  try {
    const [usable] = Intl.DateTimeFormat.supportedLocalesOf(locale.replaceAll('_', '-'));
    return usable ?? 'en';
  } catch (error) {
    if (error instanceof RangeError) return 'en';
    throw error;
  }
}

function usableZone(timeZone: string): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone === '' ? 'UTC' : timeZone;
  } catch (error) {
    if (error instanceof RangeError) return 'UTC';
    throw error;
  }
}
