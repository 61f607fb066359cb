// What went wrong on the way to the API server, in words.

export function networkErrorText(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return abortText(signal.reason);
  if (error instanceof AggregateError) {
    return error.errors.map((each) => networkErrorText(each, signal)).join('; ');
  }
  return error instanceof Error ? error.message || error.name : String(error);
}

function abortText(reason: unknown): string {
  if (reason instanceof Error && reason.name === 'TimeoutError') return 'no answer within the time a call may take';
  return 'stopped';
}
