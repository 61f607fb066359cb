// Who follows what: which relays or policies are to be woken when a Secret or ConfigMap changes. Both stores share it.
import { type Key, keyText } from '../api/resource.ts';
import type { Reference } from './store.ts';

/** What one call of `follow` changed for the store as a whole. */
export interface FollowChange {
  /** Followed by someone now, by nobody before. */
  readonly added: readonly Reference[];
  /** Followed by nobody any more. */
  readonly removed: readonly Reference[];
}

export interface ReferenceIndex {
  /** Sets what this one follows, in place of what it followed before. */
  follow(follower: Key, references: readonly Reference[]): FollowChange;
  followersOf(reference: Reference): readonly Key[];
}

export function createReferenceIndex(): ReferenceIndex {
  const followed = new Map<string, Map<string, Reference>>();
  const followers = new Map<string, Map<string, Key>>();

  return {
    follow(relay, references) {
      const before = followed.get(keyText(relay)) ?? new Map<string, Reference>();
      const after = new Map(references.map((reference) => [referenceText(reference), reference]));
      if (after.size === 0) followed.delete(keyText(relay));
      else followed.set(keyText(relay), after);
      return {
        added: without(after, before).filter((reference) => addFollower(followers, reference, relay)),
        removed: without(before, after).filter((reference) => removeFollower(followers, reference, relay)),
      };
    },
    followersOf(reference) {
      return [...(followers.get(referenceText(reference))?.values() ?? [])];
    },
  };
}

/** `Secret mail/corporate-login`, the form in messages and as a map's key. */
export function referenceText(reference: Reference): string {
  return `${reference.kind} ${keyText(reference)}`;
}

function without(these: ReadonlyMap<string, Reference>, those: ReadonlyMap<string, Reference>): Reference[] {
  return [...these].filter(([text]) => !those.has(text)).map(([, reference]) => reference);
}

/** Whether it is the reference's first follower. */
function addFollower(followers: Map<string, Map<string, Key>>, reference: Reference, relay: Key): boolean {
  const relays = followers.get(referenceText(reference));
  if (relays) {
    relays.set(keyText(relay), relay);
    return false;
  }
  followers.set(referenceText(reference), new Map([[keyText(relay), relay]]));
  return true;
}

/** Whether it was the reference's last follower. */
function removeFollower(followers: Map<string, Map<string, Key>>, reference: Reference, relay: Key): boolean {
  const relays = followers.get(referenceText(reference));
  relays?.delete(keyText(relay));
  if (!relays || relays.size > 0) return false;
  followers.delete(referenceText(reference));
  return true;
}
