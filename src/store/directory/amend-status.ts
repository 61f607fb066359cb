// Changes the status of a policy while no operator runs, as a command does that did something in its place.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { NotificationPolicyStatus } from '../../api/notification-policy.ts';
import type { Key } from '../../api/resource.ts';
import { ioCode, ioWords } from './io-words.ts';
import { policies } from './own-kind.ts';
import { lockState } from './state-lock.ts';
import { parseStatusText, statusPath, statusText } from './status-file.ts';
import { writeAtomically } from './write-atomically.ts';

export interface StatusAmendment {
  readonly stateDirectory: string;
  readonly policy: Key;
  readonly change: (before: NotificationPolicyStatus) => NotificationPolicyStatus;
  readonly now: () => number;
}

/** What went wrong, a sentence. A policy without a status, which no operator has looked at, is left without. */
export async function amendPolicyStatus(amendment: StatusAmendment): Promise<string | undefined> {
  const { stateDirectory, now } = amendment;
  try {
    const locked = await lockState(stateDirectory, now);
    if (locked.kind === 'failed') return locked.message;
    try {
      await amend(amendment);
    } finally {
      locked.lock.release();
    }
    return undefined;
  } catch (error) {
    return `${stateDirectory} cannot be changed: ${ioWords(error)}.`;
  }
}

async function amend({ stateDirectory, policy, change }: StatusAmendment): Promise<void> {
  const path = statusPath(join(stateDirectory, 'status'), { ...policy, kind: 'NotificationPolicy' });
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (ioCode(error) !== 'ENOENT') throw error;
  });
  const { record, status } = text === undefined ? {} : parseStatusText(text, policies);
  if (record && status)
    await writeAtomically(path, statusText(policy, policies, { record, status: change(status) }), 0o644);
}
