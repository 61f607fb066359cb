// The inbox of a cluster: any replica writes, the holder of the lease reads. Every one sees what is there, so that all
// refuse at the same backlog.
import type { Inbox } from '../inbox.ts';
import type { Records } from '../records.ts';
import type { Blobs } from './blobs.ts';
import { type InboxOptions, openInboxOn } from './inbox-on-blobs.ts';

export function openRecordInbox(records: Records, options: Omit<InboxOptions, 'most'>): Promise<Inbox> {
  const blobs: Blobs = {
    follow: ({ made, gone }, signal) => records.follow({ changed: ({ name }) => made(name), gone }, signal),
    async create(name, body) {
      const result = await records.create({ name, annotations: {}, body });
      return result.kind === 'created' ? { kind: 'written' } : result;
    },
    async read(name) {
      const result = await records.read(name);
      if (result.kind === 'found') return result.body;
      if (result.kind === 'gone') return undefined;
      throw new Error(result.kind === 'unavailable' ? result.message : `${name} cannot be read`);
    },
    async remove(name) {
      const result = await records.remove(name);
      if (result.kind === 'unavailable') throw new Error(result.message);
      if (result.kind === 'conflict') throw new Error(`${name} cannot be removed: it was changed meanwhile`);
    },
  };
  // Each part is a Secret, and etcd's.
  return openInboxOn(blobs, { ...options, most: { records: 10_000, parts: 500, bytes: 64 * 1024 * 1024 } });
}
