// The language of templates: Liquid with a short list of tags and filters, no files, no way out of escaping, and limits on
// time, memory and output. Nothing of it runs code.
import { Context, type Emitter, Liquid, RenderError, type Template, toValueSync } from 'liquidjs';
import { formatTime, longTime, type Reader } from './clock-format.ts';
import { isMap, type TemplateData, type TemplateValue } from './variable-table.ts';

export const allowedTags = ['assign', 'break', 'case', 'comment', 'continue', 'for', 'if', 'unless', '#'] as const;
export const allowedFilters = [
  'append',
  'capitalize',
  'date',
  'default',
  'downcase',
  'minus',
  'plus',
  'prepend',
  'replace',
  'size',
  'strip',
  'truncate',
  'upcase',
  'url_encode',
] as const;

/** What one part may be once it is rendered. */
export const outputLimit = 256 * 1024;

export type Engine = Liquid;
export type ParsedTemplate = readonly Template[];

const plainEngine = makeEngine(undefined);
const htmlEngine = makeEngine('escape');

/** Values are escaped in HTML and nowhere else. */
export function engineOf(part: 'subject' | 'text' | 'html'): Engine {
  return part === 'html' ? htmlEngine : plainEngine;
}

/** Every value is encoded as part of a URL; `url_encode` is allowed there, and does nothing more. */
export const urlEngine = makeEngine((value) => encodeURIComponent(String(value ?? '').toWellFormed()));
urlEngine.registerFilter('url_encode', (value: unknown) => value);

export interface Rendering {
  readonly engine: Engine;
  readonly template: ParsedTemplate;
  readonly data: TemplateData;
  readonly reader: Reader;
}

/** Throws a LiquidError where the data or a limit stops it. */
export function runTemplate({ engine, template, data, reader }: Rendering): string {
  const scope = readable(data, reader);
  const context = new Context(scope, engine.options, { sync: true }, { liquid: engine });
  boundSteps(context);
  readers.set(context, reader);
  const emitter = boundedOutput();
  try {
    toValueSync(engine.renderer.renderTemplates([...template], context, emitter));
  } catch (error) {
    const [first] = template;
    throw error === tooManySteps && first ? new RenderError(tooManySteps, first) : error;
  }
  return emitter.buffer;
}

/** A runaway loop ends here; a real mail takes a hundredth of it. */
const stepLimit = 50_000;

/** Liquid asks its limit before each step, of the time by a clock: what a template may do must not hang on how busy a machine is. */
function boundSteps({ renderLimit }: Context): void {
  let steps = 0;
  renderLimit.check = () => {
    steps += 1;
    if (steps > stepLimit) throw tooManySteps;
  };
}

/** Liquid gives it a place, but for a step that is in no tag. */
const tooManySteps = new Error('template render limit exceeded');

/** Beside the context, not in it: a template sees what it is given and nothing else. */
const readers = new WeakMap<Context, Reader>();

function makeEngine(outputEscape: 'escape' | ((value: unknown) => string) | undefined): Engine {
  const engine = new Liquid({
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    templates: {},
    relativeReference: false,
    dynamicPartials: false,
    parseLimit: 128 * 1024,
    memoryLimit: 1_000_000,
    ...(outputEscape ? { outputEscape } : {}),
  });
  keepOnly(engine.tags, allowedTags);
  engine.registerFilter('date', timeFilter);
  keepOnly(engine.filters, allowedFilters);
  return engine;
}

function keepOnly(table: Record<string, unknown>, names: readonly string[]): void {
  for (const name of Object.keys(table)) {
    if (!names.includes(name)) delete table[name];
  }
}

/** Stands for a time: shown in full by itself, by `date: "%d.%m.%Y"` in another form. */
class ShownTime {
  readonly at: number;
  readonly reader: Reader;
  constructor(at: number, reader: Reader) {
    this.at = at;
    this.reader = reader;
  }
  /** Only once it is shown: words for each of a hundred times would take longer than the rest of the mail. */
  toString(): string {
    return longTime(this.at, this.reader);
  }
}

interface FilterPlace {
  readonly context: Context;
}

function timeFilter(this: FilterPlace, value: unknown, format: unknown): unknown {
  if (!(value instanceof ShownTime)) return value;
  const reader = readers.get(this.context);
  return typeof format === 'string' && reader ? formatTime(value.at, format, reader) : String(value);
}

type Readable = string | number | boolean | null | ShownTime | ReadableRow | readonly ReadableRow[];
interface ReadableRow {
  readonly [name: string]: Readable;
}

/** Texts by name: any may be asked for, and one that is missing is empty. It has no other properties, whatever they are called. */
function shownMap(texts: ReadonlyMap<string, string>): ReadableRow {
  const own: Record<string, string> = Object.assign(Object.create(null), Object.fromEntries(texts));
  const words = () => [...texts].map(([name, text]) => `${name}=${text}`).join(', ');
  return new Proxy(own, {
    get: (_, name) =>
      typeof name === 'string' ? (texts.get(name) ?? null) : name === Symbol.toPrimitive ? words : undefined,
    // Liquid reads own properties only.
    getOwnPropertyDescriptor: (_, name) => ({
      value: typeof name === 'string' ? (texts.get(name) ?? null) : undefined,
      ...{ configurable: true, enumerable: true, writable: false },
    }),
  });
}

/** Only plain values get in: Liquid would call a function. */
function readable(data: TemplateData, reader: Reader): ReadableRow {
  const convert = (value: TemplateValue): Readable => {
    if (value instanceof Date) return new ShownTime(value.getTime(), reader);
    if (isMap(value)) return shownMap(value);
    if (typeof value === 'object' && value !== null) return value.map((row) => readable(row, reader));
    return value;
  };
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, convert(value)]));
}

function boundedOutput(): Emitter {
  let buffer = '';
  return {
    get buffer() {
      return buffer;
    },
    write(piece: unknown) {
      buffer += piece === null || piece === undefined ? '' : String(piece);
      // Characters of up to three bytes each are counted by their code units: the bound is a guard, not a measure.
      if (buffer.length > outputLimit) throw new Error(`the mail is longer than ${outputLimit / 1024} KiB`);
    },
  };
}
