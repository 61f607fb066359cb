// The syntax of one part of a template; Liquid's complaint becomes a fault with its place, in our words.
import { LiquidError } from 'liquidjs';
import { nearestName } from '../../api/validation/nearest-name.ts';
import { allowedFilters, allowedTags, type Engine, type ParsedTemplate } from './engine.ts';
import type { Place } from './template-parts.ts';

export interface PartFault extends Place {
  readonly message: string;
}

export type ParsedPart =
  | { readonly kind: 'parsed'; readonly template: ParsedTemplate }
  | { readonly kind: 'fault'; readonly fault: PartFault };

export function parsePart(engine: Engine, text: string): ParsedPart {
  try {
    return { kind: 'parsed', template: engine.parse(text) };
  } catch (error) {
    return { kind: 'fault', fault: liquidFault(error) };
  }
}

/** Anything but a LiquidError is a bug, and goes on. */
export function liquidFault(error: unknown): PartFault {
  if (!LiquidError.is(error) || !(error instanceof Error)) throw error;
  const { token } = error as LiquidError;
  const [line = 1, column = 1] = token.getPosition();
  return { line, column, message: inOurWords(error.message.replace(/(, file:[^,]*)?, line:\d+, col:\d+$/, '')) };
}

function inOurWords(message: string): string {
  const filter = /^undefined filter: (.*)$/s.exec(message)?.[1];
  if (filter !== undefined) return noSuch('filter', filter, allowedFilters);
  const tag = /^tag "(.*)" not found$/s.exec(message)?.[1];
  if (tag !== undefined) return noSuch('tag', tag, allowedTags);
  if (/^output .* not closed$/s.test(message)) return '"{{" is not closed; end it with "}}"';
  if (/^tag ".*" not closed$/s.test(message)) return '"{%" is not closed; end it with "%}"';
  const open = /^tag \{%-?\s*(\w+).* not closed$/s.exec(message)?.[1];
  if (open !== undefined) return `{% ${open} %} is not closed; end it with {% end${open} %}`;
  if (message === 'invalid value expression: ""') return 'a value is missing here';
  if (/^parse length limit exceeded$/.test(message)) return 'the template is longer than 128 KiB';
  if (/^template render limit exceeded$/.test(message)) return 'it takes too long: a loop runs too often';
  if (/^memory alloc limit exceeded$/.test(message)) return 'it takes too much memory: a loop or a text grows too far';
  return message;
}

function noSuch(what: 'filter' | 'tag', name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  const meant = near === undefined ? `there are ${known.join(', ')}` : `did you mean "${near}"?`;
  return `there is no ${what} "${name}"; ${meant}`;
}
