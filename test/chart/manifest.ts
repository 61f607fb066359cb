// Objects out of the text that helm, or a file, has of them.
import { loadAll } from 'js-yaml';

/** What a test looks at in any object. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
}

export function manifestsIn(text: string): readonly Manifest[] {
  // Helm's own comments make empty documents.
  return loadAll(text).filter((document) => document !== null && document !== undefined) as Manifest[];
}
