// What a line of the log may say beside its message: names, numbers and reasons. There is no field for what a Secret, a
// request or a mail holds, and what is not listed here is not written.

export interface LogFields {
  /** `namespace/name`, as is `policy`. */
  readonly relay?: string | undefined;
  readonly policy?: string | undefined;
  /** A rule's name; of the webhook `namespace/policy/rule`. */
  readonly rule?: string | undefined;
  /** A message's id, made of its identity. */
  readonly id?: string | undefined;
  /** A key of saved state, or the name of a record. */
  readonly key?: string | undefined;
  readonly record?: string | undefined;
  readonly reason?: string | undefined;
  readonly outcome?: string | undefined;
  /** What a problem is about. */
  readonly subject?: string | undefined;
  readonly lease?: string | undefined;
  readonly identity?: string | undefined;
  readonly version?: string | undefined;
  /** Where this process listens. */
  readonly url?: string | undefined;
  /** A reminder's run. */
  readonly run?: string | undefined;
  /** Of a bug: its stack. */
  readonly error?: string | undefined;
  /** Of a request: verb, resource, the status of its answer, the sender's address, how long it took. */
  readonly verb?: string | undefined;
  readonly resource?: string | undefined;
  readonly status?: number | undefined;
  readonly from?: string | undefined;
  readonly milliseconds?: number | undefined;
  /** So many more of the same kind were not told. */
  readonly more?: number | undefined;
}

/** The same list for the program to hold itself to; a field that is missing here does not compile. */
const fields: Readonly<Record<keyof LogFields, true>> = {
  relay: true,
  policy: true,
  rule: true,
  id: true,
  key: true,
  record: true,
  reason: true,
  outcome: true,
  subject: true,
  lease: true,
  identity: true,
  version: true,
  url: true,
  run: true,
  error: true,
  verb: true,
  resource: true,
  status: true,
  from: true,
  milliseconds: true,
  more: true,
};

/** Whatever was given, only what a line may say is left: a name that is listed, with a text or a number. */
export function writableFields(given: object): Readonly<Record<string, string | number>> {
  return Object.fromEntries(
    Object.entries(given).filter(
      ([name, value]) => Object.hasOwn(fields, name) && (typeof value === 'string' || typeof value === 'number'),
    ),
  );
}
