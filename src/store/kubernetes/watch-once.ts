// One watch, from opening to its end, whatever ends it. A connection over which nothing comes for long, not even a
// bookmark, is taken for dead: no packet would ever tell.
import type { Clock } from '../clock.ts';
import type { ApiClient, ApiFault } from './api-client.ts';
import { type Collection, watchRequest } from './collection.ts';
import { isObject, metadataOf, textOf } from './json.ts';
import { lines } from './lines.ts';
import { networkErrorText } from './network-error.ts';
import type { Sink } from './sink.ts';

export interface WatchOptions {
  readonly client: ApiClient;
  readonly collection: Collection;
  readonly sink: Sink;
  readonly seconds: number;
  readonly silentMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly opened: () => void;
  /** Called at every sign of life. */
  readonly heard: () => void;
}

/** `version` is the last one seen: where the next watch goes on. */
export type WatchOutcome =
  | { readonly kind: 'notOpened'; readonly fault: ApiFault }
  | { readonly kind: 'ended'; readonly version: string; readonly cause: string | undefined }
  /** 410: too much has happened since that version. Nothing unusual. */
  | { readonly kind: 'expired' }
  /** An event that cannot be taken; where to go on from is not known. */
  | { readonly kind: 'broken'; readonly cause: string };

const longestLine = 16 * 1024 * 1024;

export async function watchOnce(from: string, options: WatchOptions): Promise<WatchOutcome> {
  const { client, collection, signal } = options;
  const stream = await client.open(watchRequest(collection, { version: from, seconds: options.seconds }), signal);
  if (stream.kind === 'refused' && stream.status === 410) return { kind: 'expired' };
  if (stream.kind !== 'open') return { kind: 'notOpened', fault: stream };
  options.opened();

  let version = from;
  const silent = () => stream.close(`nothing came for ${options.silentMs} ms`);
  let timer = setTimeout(silent, options.silentMs);
  try {
    for await (const line of lines(stream.chunks, longestLine)) {
      clearTimeout(timer);
      timer = setTimeout(silent, options.silentMs);
      options.heard();
      const step = take(line, options.sink);
      if (step.kind !== 'seen') {
        stream.close('the watch is given up');
        return step;
      }
      version = step.version || version;
    }
    return { kind: 'ended', version, cause: undefined };
  } catch (error) {
    return { kind: 'ended', version, cause: networkErrorText(error, signal) };
  } finally {
    clearTimeout(timer);
  }
}

type Step = { readonly kind: 'seen'; readonly version: string } | Extract<WatchOutcome, { kind: 'expired' | 'broken' }>;

function take(line: string, sink: Sink): Step {
  try {
    return takeEvent(JSON.parse(line), sink);
  } catch (error) {
    // Half a line of a connection cut short, or a bug in a sink: either way the list tells the truth again.
    return { kind: 'broken', cause: `an event cannot be taken: ${error instanceof Error ? error.message : error}` };
  }
}

function takeEvent(event: unknown, sink: Sink): Step {
  const { type, object } = isObject(event) ? event : {};
  const version = textOf(metadataOf(object).resourceVersion);
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      sink.changed(object);
      return { kind: 'seen', version };
    case 'DELETED':
      sink.deleted(object);
      return { kind: 'seen', version };
    case 'BOOKMARK':
      return { kind: 'seen', version };
    default:
      return errorEvent(object);
  }
}

function errorEvent(status: unknown): Step {
  const { code, message } = isObject(status) ? status : {};
  if (code === 410) return { kind: 'expired' };
  return { kind: 'broken', cause: `the watch ended with an error: ${code ?? ''} ${textOf(message)}` };
}
