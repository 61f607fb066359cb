// How the image starts Node: read from the Dockerfile, so that what is measured is what is released.
import { readFile } from 'node:fs/promises';

export interface ImageStart {
  /** Node's own options, those before the program. */
  readonly nodeOptions: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

export async function imageStart(): Promise<ImageStart> {
  const text = await readFile(new URL('../Dockerfile', import.meta.url), 'utf8');
  const entrypoint: unknown = JSON.parse(/^ENTRYPOINT (\[.*\])$/m.exec(text)?.[1] ?? '[]');
  const words = Array.isArray(entrypoint) ? entrypoint.map(String) : [];
  const pairs = [...text.matchAll(/^ENV (\w+)=(\S+)$/gm)].map(([, name = '', value = '']) => [name, value] as const);
  return { nodeOptions: words.filter((word) => word.startsWith('--')), environment: Object.fromEntries(pairs) };
}
