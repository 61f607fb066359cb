// Which variables one part of a template names, and which of them there are not.
import { ForTag, type Template, TypeGuards, toValueSync, type Variable as Use, Value } from 'liquidjs';
import { nearestName } from '../../api/validation/nearest-name.ts';
import { unknownDirective } from './clock-format.ts';
import type { Engine, ParsedTemplate } from './engine.ts';
import type { PartFault } from './parse-part.ts';
import { isMap, type VariableTable } from './variable-table.ts';

export interface PartToCheck {
  readonly engine: Engine;
  /** As it was written. */
  readonly text: string;
  readonly template: ParsedTemplate;
  readonly variables: VariableTable;
  readonly secretsAllowed: boolean;
}

export interface PartUses {
  readonly names: readonly string[];
  readonly faults: readonly PartFault[];
}

export function partUses(part: PartToCheck): PartUses {
  const { variables, globals } = part.engine.analyzeSync([...part.template], { partials: false });
  const outer = Object.values(globals).flat();
  const all = Object.values(variables).flat();
  const rows = loopVariables(part);
  const lines = part.text.split('\n');
  const faults = [
    ...all.flatMap((use) => computedName(use, lines)),
    ...outer.flatMap((use) => unknownName(use, part)),
    ...all.flatMap((use) => unknownField(use, rows.get(rootOf(use)) ?? listFields(use, part.variables))),
    ...formatFaults(part.template),
  ];
  const names = outer.map(rootOf).filter((name) => Object.hasOwn(part.variables, name));
  return { names, faults: faults.sort((a, b) => a.line - b.line || a.column - b.column) };
}

function unknownName(use: Use, { variables, secretsAllowed }: PartToCheck): PartFault[] {
  const name = rootOf(use);
  const variable = Object.hasOwn(variables, name) ? variables[name] : undefined;
  if (variable === undefined)
    return [faultAt(use, `there is no variable "${name}"${meant(name, Object.keys(variables))}`)];
  if (variable.secret && !secretsAllowed) {
    return [faultAt(use, `"${name}" may not stand in a subject: subjects are stored and shown in lists`)];
  }
  return [];
}

/** `{{ [x] }}` would name a variable that nobody can check; Liquid's analysis shows it as `x`. */
function computedName(use: Use, lines: readonly string[]): PartFault[] {
  const bracket = lines[use.location.row - 1]?.[use.location.col - 1] === '[';
  return bracket ? [faultAt(use, 'a variable must be named, not computed')] : [];
}

type Fields = readonly string[] | 'none';

function unknownField(use: Use, fields: Fields | undefined): PartFault[] {
  const field = use.segments.slice(1).find((segment) => typeof segment !== 'number');
  if (fields === undefined || field === undefined || field === 'size') return [];
  const path = `${rootOf(use)}.${String(field)}`;
  if (fields === 'none') return [faultAt(use, `"${rootOf(use)}" is a single value; there is no "${path}"`)];
  if (typeof field === 'string' && fields.includes(field)) return [];
  return [faultAt(use, `there is no "${path}"${meant(String(field), fields)}`)];
}

function listFields(use: Use, variables: VariableTable): Fields | undefined {
  const variable = Object.hasOwn(variables, rootOf(use)) ? variables[rootOf(use)] : undefined;
  if (variable === undefined || isMap(variable.sample)) return undefined;
  return variable.fields ? Object.keys(variable.fields) : 'none';
}

/** A loop's own variable → the fields of the rows that it stands for. */
function loopVariables({ template, variables }: PartToCheck): ReadonlyMap<string, readonly string[]> {
  const rows = new Map<string, readonly string[]>();
  for (const tag of everyTag(template)) {
    if (!(tag instanceof ForTag)) continue;
    const { collection } = tag;
    const first = TypeGuards.isPropertyAccessToken(collection) ? collection.props[0] : undefined;
    const list =
      first && 'content' in first && typeof first.content === 'string' ? variables[first.content] : undefined;
    if (list?.fields) rows.set(tag.variable, [...(rows.get(tag.variable) ?? []), ...Object.keys(list.fields)]);
  }
  return rows;
}

/** A directive that `date` does not know is found here, not in the mail. */
function formatFaults(template: ParsedTemplate): PartFault[] {
  return everyTag(template).flatMap((tag) => {
    const values = [...(tag.arguments?.() ?? [])].filter((argument) => argument instanceof Value);
    const dates = values.flatMap(({ filters }) => filters.filter(({ name }) => name === 'date'));
    const formats = dates.flatMap(({ args }) => args.slice(0, 1));
    return formats.flatMap((format) => {
      const quoted = !Array.isArray(format) && TypeGuards.isQuotedToken(format) ? format.content : '';
      const unknown = unknownDirective(quoted);
      const [line = 1, column = 1] = tag.token.getPosition();
      return unknown === undefined
        ? []
        : [{ line, column, message: `date does not know "${unknown}"; docs/templates.md lists what it knows` }];
    });
  });
}

function everyTag(templates: ParsedTemplate): Template[] {
  return templates.flatMap((tag) => {
    const children = tag.children ? toValueSync<Template[]>(tag.children(false, true)) : [];
    return [tag, ...everyTag(children)];
  });
}

function meant(name: string, known: readonly string[]): string {
  const near = nearestName(name, known);
  return near === undefined ? `; there are ${known.join(', ')}` : `; did you mean "${near}"?`;
}

function rootOf(use: Use): string {
  return String(use.segments[0]);
}

function faultAt(use: Use, message: string): PartFault {
  return { line: use.location.row, column: use.location.col, message };
}
