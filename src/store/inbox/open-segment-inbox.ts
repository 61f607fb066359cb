// The inbox without a cluster: one process reads it. Others may put something in (`relaykeeper alarms send`), which is
// found by looking again.
import { errorText } from '../../api/error-text.ts';
import type { Inbox } from '../inbox.ts';
import type { Segments } from '../segments.ts';
import type { BlobListener, Blobs } from './blobs.ts';
import { type InboxOptions, openInboxOn } from './inbox-on-blobs.ts';

export interface SegmentInboxOptions extends Omit<InboxOptions, 'most'> {
  /** Milliseconds; absent: what others put is seen when it is opened only. */
  readonly lookAgain?: number;
}

/** Rejects with a sentence where the segments cannot be listed. */
export function openSegmentInbox(segments: Segments, options: SegmentInboxOptions): Promise<Inbox> {
  const blobs: Blobs = {
    async follow(listener, signal) {
      for (const name of await segments.list()) listener.made(name);
      void lookForOthers(segments, { ...options, ...listener }, signal);
    },
    create: segments.create,
    read: segments.read,
    remove: segments.remove,
  };
  return openInboxOn(blobs, { ...options, most: { records: 10_000, parts: 10_000, bytes: 256 * 1024 * 1024 } });
}

/** What is known already is nothing new; what was removed since it was listed is found to be gone when it is read. */
async function lookForOthers(
  segments: Segments,
  { lookAgain, clock, problem, made }: SegmentInboxOptions & BlobListener,
  signal: AbortSignal,
): Promise<void> {
  if (lookAgain === undefined) return;
  const subject = 'inbox';
  let troubled = false;
  for (;;) {
    await clock.sleep(lookAgain, signal);
    if (signal.aborted) return;
    try {
      for (const name of await segments.list()) made(name);
      if (troubled) problem({ subject, message: undefined });
      troubled = false;
    } catch (error) {
      troubled = true;
      const why = errorText(error);
      problem({ subject, message: `The inbox cannot be listed: ${why}` });
    }
  }
}
