// Looks into JSON of which nothing is known yet.

export type JsonObject = { readonly [name: string]: unknown };

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object's `metadata`, empty where it has none. */
export function metadataOf(value: unknown): JsonObject {
  return isObject(value) && isObject(value.metadata) ? value.metadata : {};
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
