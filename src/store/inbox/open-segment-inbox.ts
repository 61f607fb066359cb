// The inbox without a cluster: one process writes and reads it.
import type { Inbox } from '../inbox.ts';
import type { Segments } from '../segments.ts';
import type { Blobs } from './blobs.ts';
import { type InboxOptions, openInboxOn } from './inbox-on-blobs.ts';

/** Rejects with a sentence where the segments cannot be listed. */
export function openSegmentInbox(segments: Segments, options: Omit<InboxOptions, 'most'>): Promise<Inbox> {
  const blobs: Blobs = {
    async follow({ made }) {
      for (const name of await segments.list()) made(name);
    },
    create: segments.create,
    read: segments.read,
    remove: segments.remove,
  };
  return openInboxOn(blobs, { ...options, most: { records: 10_000, parts: 10_000, bytes: 256 * 1024 * 1024 } });
}
