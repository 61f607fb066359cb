// docs/tutorial.md as a reader has it: its manifests, its commands, and its mail server on a free port.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { temporaryDirectory } from '../store/directory/temporary-directory.ts';
import { eventually } from '../store/eventually.ts';

const page = readFileSync(new URL('../../docs/tutorial.md', import.meta.url), 'utf8');

export function blocksOf(language: string): string[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].flatMap(([, kind, text = '']) =>
    kind === language ? [text] : [],
  );
}

/** The line that step 2 has the reader put in place of the first one. */
const mendedTls = blocksOf('yaml').find((text) => text.startsWith('  tls:')) ?? '';

export interface Tutorial {
  readonly directory: string;
  /** Writes the manifest that the page has under this name. */
  put(name: string, change?: (text: string) => string): void;
  /** What the mail server's terminal shows. */
  shown(): string;
}

/** Step 1; gone when the test ends. */
export async function startTutorial(): Promise<Tutorial> {
  const directory = temporaryDirectory();
  const server = spawn(process.execPath, ['demo/mail-server.ts', directory, '--port', '0'], { stdio: 'pipe' });
  const ended = once(server, 'exit');
  onTestFinished(async () => {
    server.kill('SIGKILL');
    await ended;
  });
  let shown = '';
  const hear = (chunk: unknown) => {
    shown += String(chunk);
  };
  server.stdout.on('data', hear);
  server.stderr.on('data', hear);
  const port = await eventually('the mail server listens', () => /localhost:(\d+)/.exec(shown)?.[1], {
    within: 60_000,
  });
  const put: Tutorial['put'] = (name, change = (text) => text) => {
    const found = blocksOf('yaml').find((text) => text.startsWith(`# ${name}\n`));
    if (found === undefined) throw new Error(`the page has no ${name}`);
    writeFileSync(join(directory, name), change(found.replace('port: 2525', `port: ${port}`)));
  };
  return { directory, put, shown: () => shown };
}

/** With step 2 done. */
export function mended(text: string): string {
  return text.replace('  tls: { mode: StartTls }\n', mendedTls);
}
