// A book as JSON by key, as load-book.ts reads it.
import type { BookState } from './book-state.ts';
import type { Group, Member, Told } from './group.ts';
import { readKey, sequenceKey } from './saved-keys.ts';

/** What has to be written since the last call. */
export function takeChanges(state: BookState): Map<string, string | undefined> {
  return new Map([...changesInSlices(state, Number.POSITIVE_INFINITY)].flatMap((changes) => [...changes]));
}

/** How far the book has come goes along with any change, and alone never. */
export function* changesInSlices(state: BookState, most: number): Generator<Map<string, string | undefined>> {
  const { changes } = state;
  const textOf = textsOf(state);
  let isChanged = false;
  while (changes.size() > 0) {
    const slice = changes.take(textOf, most);
    isChanged ||= slice.size > 0;
    yield slice;
  }
  if (!isChanged) return;
  changes.touch(sequenceKey);
  yield changes.take(textOf, 1);
}

function textsOf(state: BookState): (key: string) => string | undefined {
  return (key) => {
    const named = readKey(key);
    switch (named?.kind) {
      case 'Alarm':
        return memberText(state.members.get(named.id));
      case 'Group':
        return groupText(state.groupsById.get(named.id));
      case 'Notice':
        return jsonText(state.pending.get(key));
      case 'Sequence':
        return JSON.stringify(state.sequence);
      case 'Rate':
        return rateText(state.rate);
      case 'Quiet':
        return jsonText(state.quiet);
      case undefined:
        throw new Error(`no part of a book has the key ${key}`);
    }
  };
}

function jsonText(value: object | undefined): string | undefined {
  return value && JSON.stringify(value);
}

function memberText(member: Member | undefined): string | undefined {
  return member && JSON.stringify({ ...member.alarm, ...(member.full ? {} : { full: false }) });
}

function groupText(group: Group | undefined): string | undefined {
  if (!group) return undefined;
  const { labels, beginning, due, flushed, mails, told, lastTold, waiting, heldSince } = group;
  const marks = waiting.size > 0 ? joined(waiting) : undefined;
  return JSON.stringify({
    labels,
    beginning,
    due,
    flushed,
    mails,
    told: told && toldJson(told),
    lastTold,
    waiting: marks,
    heldSince,
  });
}

/** Marks have a fixed length and stand without anything between them. */
function toldJson({ firing, resolved, at }: Told): object {
  return { firing: joined(firing), resolved: joined(resolved), at };
}

function joined(marks: ReadonlySet<string>): string {
  return [...marks].join('');
}

function rateText({ slots, held }: BookState['rate']): string | undefined {
  if (slots.length === 0 && !held) return undefined;
  return JSON.stringify({ slots, held: held && { ...held, groups: [...held.groups] } });
}
