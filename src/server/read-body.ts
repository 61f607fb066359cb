// A request's body: so many bytes at most, sent and inflated, in so much time at most.
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { BodyBudget } from './body-budget.ts';

export interface BodyLimits {
  readonly bytes: number;
  readonly milliseconds: number;
  readonly budget: BodyBudget;
}

export type ReadBody =
  /** `release` gives its memory back to the budget. */
  | { readonly kind: 'body'; readonly body: Buffer; readonly release: () => void }
  | { readonly kind: 'tooLarge' | 'noRoom' | 'tooSlow' | 'brokenGzip' | 'brokenOff' };

/** What zlib needs to inflate (its zconf.h: 32 KiB of window and some state), and Node's buffers beside it. */
const inflater = 64 * 1024;

/** Leaves the request paused where it does not take all of it. */
export function readBody(request: IncomingMessage, gzip: boolean, limits: BodyLimits): Promise<ReadBody> {
  const share = shareOf(limits.budget);
  if (gzip && !share.take(inflater)) return Promise.resolve({ kind: 'noRoom' });
  return new Promise((resolve) => {
    const source: Readable = gzip ? request.pipe(createGunzip()) : request;
    const chunks: Buffer[] = [];
    let length = 0;
    const timer = setTimeout(() => refuse('tooSlow'), limits.milliseconds);

    source.on('data', onData).on('end', onEnd);
    if (gzip) source.on('error', () => refuse('brokenGzip'));
    request.on('close', onClose).on('error', onClose);

    function onData(chunk: Buffer): void {
      length += chunk.length;
      if (length > limits.bytes) refuse('tooLarge');
      else if (!share.take(chunk.length)) refuse('noRoom');
      else chunks.push(chunk);
    }
    function onEnd(): void {
      settle();
      resolve({ kind: 'body', body: Buffer.concat(chunks, length), release: share.release });
    }
    /** A complete one closes before its last bytes are inflated. */
    function onClose(): void {
      if (!request.complete) refuse('brokenOff');
    }
    function refuse(kind: Exclude<ReadBody['kind'], 'body'>): void {
      settle();
      share.release();
      resolve({ kind });
    }
    function settle(): void {
      clearTimeout(timer);
      source.off('data', onData).off('end', onEnd);
      request.off('close', onClose);
      if (gzip) request.unpipe();
      if (gzip) source.destroy();
      request.pause();
    }
  });
}

/** What one request has of the budget. */
function shareOf(budget: BodyBudget) {
  let taken = 0;
  return {
    take: (bytes: number) => {
      if (!budget.take(bytes)) return false;
      taken += bytes;
      return true;
    },
    release: () => {
      budget.give(taken);
      taken = 0;
    },
  };
}
