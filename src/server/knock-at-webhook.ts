// Is it our webhook that answers at this URL? Asks in a way that sends nothing and needs no token.

export type Knock =
  | { readonly kind: 'answers' }
  /** Something, but no alarm webhook of ours. */
  | { readonly kind: 'another'; readonly status: number }
  /** Without a full stop. */
  | { readonly kind: 'unreachable'; readonly message: string };

const timeout = 10_000;

/** `base` is what senders have before `/v1/alarms/…`. */
export async function knockAtWebhook(base: URL, signal: AbortSignal): Promise<Knock> {
  const url = `${base.href.replace(/\/$/, '')}/v1/alarms/relaykeeper/doctor/knock`;
  try {
    const response = await fetch(url, {
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeout)]),
    });
    await response.body?.cancel();
    // A GET is refused with what is allowed, before anybody asks who it is.
    const isOurs = response.status === 405 && response.headers.get('allow') === 'POST';
    return isOurs ? { kind: 'answers' } : { kind: 'another', status: response.status };
  } catch (error) {
    return { kind: 'unreachable', message: causeOf(error) };
  }
}

/** `fetch failed` says nothing; its cause does. */
function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return `no answer within ${timeout / 1_000} s`;
  return error.cause === undefined ? error.message : causeOf(error.cause);
}
