// Reads values.yaml with its comments: `# --` says what a value means, `# @schema` what may stand there beyond its type.
import { load } from 'js-yaml';

export interface DocumentedValue {
  readonly path: readonly string[];
  readonly description: string;
  readonly default: unknown;
  /** What `# @schema` says. */
  readonly schema: Readonly<Record<string, unknown>>;
}

interface Comments {
  readonly description?: string;
  readonly schema?: string;
}

interface Progress {
  readonly values: readonly DocumentedValue[];
  /** The keys that the line stands below, each with its indentation. */
  readonly above: readonly { readonly indent: number; readonly key: string }[];
  readonly comments: Comments;
  /** Below a value that has been described as a whole. */
  readonly insideOf?: number;
}

/** Throws where a value has no description: a chart with a secret value is a fault of ours. */
export function documentedValues(text: string): readonly DocumentedValue[] {
  const all = load(text);
  const start: Progress = { values: [], above: [], comments: {} };
  return text.split('\n').reduce((progress, line) => afterLine(progress, line, all), start).values;
}

function afterLine(progress: Progress, line: string, all: unknown): Progress {
  const description = /^ *# -- (.+)$/.exec(line)?.[1];
  if (description !== undefined) return { ...progress, comments: { description } };
  const schema = /^ *# @schema (.+)$/.exec(line)?.[1];
  if (schema !== undefined) return { ...progress, comments: { ...progress.comments, schema } };
  const key = /^( *)([A-Za-z]\w*):( |$)/.exec(line);
  return key ? afterKey(progress, { indent: `${key[1]}`.length, key: `${key[2]}` }, all) : progress;
}

function afterKey(progress: Progress, at: { indent: number; key: string }, all: unknown): Progress {
  if (progress.insideOf !== undefined && at.indent > progress.insideOf) return progress;
  const { values, comments } = progress;
  const above = [...progress.above.filter(({ indent }) => indent < at.indent), at];
  const path = above.map(({ key }) => key);
  const value = valueAt(all, path);
  const { description, schema } = comments;
  if (description !== undefined) {
    const documented = { path, description, default: value, schema: schema === undefined ? {} : record(load(schema)) };
    return { values: [...values, documented], above, comments: {}, insideOf: at.indent };
  }
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) {
    throw new Error(`values.yaml: ${path.join('.')} has no description (a comment that begins with "# --")`);
  }
  return { values, above, comments: {} };
}

function valueAt(all: unknown, path: readonly string[]): unknown {
  return path.reduce((value, key) => record(value)[key], all);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
