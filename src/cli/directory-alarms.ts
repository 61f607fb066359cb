// Where alarms are kept without a cluster: folders of the operator's state directory.
import { join } from 'node:path';
import type { AlarmDeps } from '../policies/alarms/alarm-deps.ts';
import type { AlarmStore } from '../store/alarm-store.ts';
import type { Clock } from '../store/clock.ts';
import { createFileSegments } from '../store/directory/file-segments.ts';
import { openSegmentInbox } from '../store/inbox/open-segment-inbox.ts';
import type { Inbox } from '../store/inbox.ts';
import { openJournal } from '../store/journal/open-journal.ts';
import type { JournalPlace } from '../store/journal/read-journal.ts';
import type { StoreProblem } from '../store/store.ts';

export interface DirectoryAlarmsOptions {
  readonly stateDirectory: string;
  readonly clock: Clock;
  readonly problem: (problem: StoreProblem) => void;
}

/** A listing of an empty folder a second. */
const lookAgain = 1_000;
export const journalPrefix = 'alarms';

/** Rejects with a sentence where the inbox cannot be listed. */
export async function openDirectoryAlarms(
  options: DirectoryAlarmsOptions,
  sources: AlarmStore,
): Promise<Omit<AlarmDeps, 'mayAlarm'>> {
  const { stateDirectory } = options;
  const inbox = await openSegmentInbox(createFileSegments(join(stateDirectory, 'inbox')), { ...options, lookAgain });
  const segments = createFileSegments(join(stateDirectory, 'alarms'));
  return {
    openJournal: () => openJournal(segments, { prefix: journalPrefix, ...options }),
    ...{ inbox, sources },
    // A file is soon written, and who waits for a mail should not.
    minRound: 0,
  };
}

/** Beside an operator. */
export function directoryJournal(stateDirectory: string): JournalPlace {
  return { segments: createFileSegments(join(stateDirectory, 'alarms'), { beside: true }), prefix: journalPrefix };
}

/** Likewise; what is put is found by the operator. */
export function directoryInbox({ stateDirectory, ...options }: DirectoryAlarmsOptions): Promise<Inbox> {
  return openSegmentInbox(createFileSegments(join(stateDirectory, 'inbox'), { beside: true }), options);
}
