// The sink of the bench as a process of its own that tells how many messages it took.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';

export interface CountingSink {
  readonly port: number;
  messages(): number;
  /** Resolves once it has taken so many since it began; throws where that takes too long. */
  reaches(count: number, milliseconds: number): Promise<void>;
  /** Resolves once it has taken none for so long. */
  settled(milliseconds: number): Promise<void>;
  stop(): Promise<void>;
}

export async function startCountingSink(): Promise<CountingSink> {
  const script = new URL('./smtp-sink.ts', import.meta.url).pathname;
  const child = fork(script, { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] });
  let messages = 0;
  child.on('message', (count) => {
    messages = Number(count);
  });
  if (!child.stdout) throw new Error('the sink has no output');
  const [line] = await once(child.stdout, 'data');
  return {
    port: JSON.parse(String(line)).port,
    messages: () => messages,
    async reaches(count, milliseconds) {
      const deadline = performance.now() + milliseconds;
      while (messages < count) {
        if (performance.now() > deadline)
          throw new Error(`${messages} of ${count} mails came within ${milliseconds} ms`);
        await wait(2);
      }
    },
    async settled(milliseconds) {
      for (let before = -1; before !== messages; ) {
        before = messages;
        await wait(milliseconds);
      }
    },
    async stop() {
      const exit = once(child, 'exit');
      child.kill();
      await exit;
    },
  };
}
