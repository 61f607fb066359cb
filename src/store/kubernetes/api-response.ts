// Reads what the API server answered, within bounds.
import type { IncomingMessage } from 'node:http';
import type { ApiFault } from './api-client.ts';
import { isObject } from './json.ts';

/** The body's text. One that is larger is cut when it only explains an error, and an error when it is the answer. */
export async function bodyText(response: IncomingMessage, limit: number): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  for await (const chunk of response) {
    text += chunk;
    if (text.length <= limit) continue;
    if (response.statusCode === 200) throw new Error(`the answer is larger than ${limit} characters`);
    return text.slice(0, limit);
  }
  return text;
}

/** A refusal in the API's own words (metav1.Status), or, from something in between, by its HTTP status. */
export function statusOf(response: IncomingMessage, text: string): ApiFault {
  const status = response.statusCode ?? 0;
  const said = parsed(text);
  const reason = isObject(said) && typeof said.reason === 'string' ? said.reason : '';
  const message =
    isObject(said) && typeof said.message === 'string'
      ? said.message
      : `HTTP ${status} ${printable(text).trim()}`.trim();
  return { kind: 'refused', status, reason, message: printable(message).slice(0, 1_024) };
}

/** When the server wants to be asked again; 30 s at most, whatever it says. */
export function retryAfterMs(response: IncomingMessage): { retryAfter?: number } {
  const seconds = Number(response.headers['retry-after']);
  const status = response.statusCode ?? 0;
  const asked = status === 429 || (status >= 500 && response.headers['retry-after'] !== undefined);
  if (!asked) return {};
  return { retryAfter: Math.min(30, Number.isFinite(seconds) && seconds > 0 ? seconds : 1) * 1_000 };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not the API server's: the caller quotes it as it is.
    return undefined;
  }
}

function printable(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ');
}
