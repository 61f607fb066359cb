// The state directory: may it be written, who holds it, is there room, is the key whole?
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { storedKey } from '../../store/directory/fingerprint.ts';
import { ioWords } from '../../store/directory/io-words.ts';
import { stateHolder } from '../../store/directory/state-lock.ts';
import { nearestDirectory, writeFault } from '../../store/directory/try-writing.ts';
import type { DirectoryWorld } from './directory-world.ts';
import { type Check, doubtful, type Finding, fine, wrong } from './finding.ts';
import { sizeText } from './size-text.ts';

export const stateChecks: readonly Check<DirectoryWorld>[] = [
  { name: 'state directory', look: lookAtDirectory },
  { name: 'lock', look: lookAtLock },
  { name: 'disk', look: lookAtDisk },
  { name: 'operator key', look: lookAtKey },
];

async function lookAtDirectory({ state }: DirectoryWorld): Promise<readonly Finding[]> {
  const found = await nearestDirectory(state);
  const fault = await writeFault(found.path);
  if (fault !== undefined) {
    return [
      wrong(
        `${found.path} cannot be written: ${fault}.`,
        'Give it to the user that the operator runs as, or another one with --state.',
      ),
    ];
  }
  if (found.isItself) return [fine(`${state} can be written.`)];
  return [
    doubtful(
      `${state} is not there yet.`,
      'The operator makes it when it starts; where it ran before, name its directory with --state.',
    ),
  ];
}

async function lookAtLock({ state, now }: DirectoryWorld): Promise<readonly Finding[]> {
  const remedy = `Start one: relaykeeper run --directory DIR --state ${state}.`;
  try {
    const found = await stateHolder(state, now());
    if (found.kind === 'held') return [fine(`${capital(found.who)} runs the operator.`)];
    if (found.kind === 'free') return [doubtful('No operator runs.', remedy)];
    return [doubtful(`No operator runs: ${found.who} held the lock and ended without giving it back.`, remedy)];
  } catch (error) {
    return [
      wrong(`The lock cannot be read: ${ioWords(error)}.`, `Give ${state} to the user that the operator runs as.`),
    ];
  }
}

/** A storm of alarms or a run of many mails has to find room. */
const scarce = 512 * 1024 ** 2;
const tooLittle = 64 * 1024 ** 2;
const scarceFiles = 10_000;

async function lookAtDisk({ state }: DirectoryWorld): Promise<readonly Finding[]> {
  const { path } = await nearestDirectory(state);
  const { bavail, bsize, files, ffree } = await statfs(path);
  const room = bavail * bsize;
  const message = `${sizeText(room)} are free where ${state} is.`;
  const remedy =
    'Make room there, or give the operator another disk with --state: what it cannot write it cannot send.';
  // File systems that make them as they need them say 0.
  const findings =
    files > 0 && ffree < scarceFiles ? [doubtful(`Only ${ffree} more files can be made there.`, remedy)] : [];
  if (room < tooLittle) return [wrong(message, remedy), ...findings];
  return [room < scarce ? doubtful(message, remedy) : fine(message), ...findings];
}

const keyRemedy = 'The operator makes it when it starts; where it ran before, restore it from a backup.';

async function lookAtKey({ state }: DirectoryWorld): Promise<readonly Finding[]> {
  const path = join(state, 'key');
  try {
    const stored = await storedKey(path);
    if (!stored) return [doubtful(`There is no ${path}.`, keyRemedy)];
    const { isWhole, mode } = stored;
    const others = mode & 0o077;
    if (!isWhole)
      return [
        wrong(`${path} is damaged.`, 'Restore it from a backup; with another key every account counts as changed.'),
      ];
    if (others !== 0)
      return [doubtful(`${path} can be read by others (mode ${(mode & 0o777).toString(8)}).`, `chmod 600 ${path}`)];
    return [fine(`It is in ${path}.`)];
  } catch (error) {
    return [wrong(`${path} cannot be read: ${ioWords(error)}.`, 'Give it to the user that the operator runs as.')];
  }
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
