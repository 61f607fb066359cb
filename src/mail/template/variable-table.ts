// What a template may name: each variable with its meaning and a sample, and the fields of those that are lists.

/** A time is shown in the reader's zone and language; a list holds rows, a map texts by name. */
export type TemplateValue =
  | string
  | number
  | boolean
  | Date
  | null
  | readonly TemplateData[]
  | ReadonlyMap<string, string>;
export interface TemplateData {
  readonly [name: string]: TemplateValue;
}

export interface Variable {
  readonly meaning: string;
  readonly sample: TemplateValue;
  /** Never in a subject: subjects are stored and listed. */
  readonly secret?: true;
  /** What a row of a list has; for lists alone. */
  readonly fields?: VariableTable;
}

export interface VariableTable {
  readonly [name: string]: Variable;
}

export function isMap(value: TemplateValue | undefined): value is ReadonlyMap<string, string> {
  return value instanceof Map;
}

export function sampleData(table: VariableTable): TemplateData {
  return Object.fromEntries(Object.entries(table).map(([name, { sample }]) => [name, sample]));
}

/** Every variable of the table, null where there is nothing; nothing else, whatever was handed over. */
export function completeData(data: TemplateData, table: VariableTable): TemplateData {
  const complete = ([name, { fields }]: [string, Variable]) => {
    const value = Object.hasOwn(data, name) ? (data[name] ?? null) : null;
    const rows = fields && Array.isArray(value) ? value.map((row) => completeData(row, fields)) : value;
    return [name, rows] as const;
  };
  return Object.fromEntries(Object.entries(table).map(complete));
}
