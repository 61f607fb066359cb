// Where a reflector puts what it sees. After `listComplete`, what was in no page since `listStarted` is gone.

export interface Sink {
  listStarted(): void;
  listed(objects: readonly unknown[]): void;
  listComplete(): void;
  /** Added or modified. */
  changed(object: unknown): void;
  deleted(object: unknown): void;
}
