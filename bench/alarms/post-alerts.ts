// One client of a webhook, or several: each posts one body at a time, and again where it is asked to.
import { setTimeout as wait } from 'node:timers/promises';

export interface Posting {
  readonly url: string;
  readonly token?: string;
  readonly clients?: number;
}

/** Gives how long each answer took, in milliseconds. */
export async function postAll(bodies: readonly string[], { url, token, clients = 1 }: Posting): Promise<number[]> {
  const left = [...bodies].reverse();
  const took: number[] = [];
  const client = async () => {
    for (let body = left.pop(); body !== undefined; body = left.pop()) {
      const start = performance.now();
      await post(body, { url, token });
      took.push(performance.now() - start);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return took;
}

async function post(body: string, { url, token }: { url: string; token: string | undefined }): Promise<void> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { 'content-type': 'application/json', ...authorization };
  for (;;) {
    const response = await fetch(url, { method: 'POST', headers, body });
    const text = await response.text();
    if (response.ok) return;
    if (response.status !== 503) throw new Error(`${url} answers ${response.status}: ${text}`);
    await wait(100);
  }
}
