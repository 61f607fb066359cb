// The outbox in a state directory: read beside its holder. What is to change is changed here where nobody holds it, else
// asked of the operator that does, which looks every second.
import { join } from 'node:path';
import { wishesBox } from '../mail/outbox/spool-state.ts';
import { viewSpool } from '../mail/outbox/spool-view.ts';
import { wishName } from '../mail/outbox/spool-wishes.ts';
import { droppedRecord } from '../policies/delivery-record.ts';
import { systemClock } from '../store/clock.ts';
import { type VisitedSpoolFiles, visitSpoolFiles } from '../store/directory/spool-files.ts';
import { openDirectoryMail } from './directory-mail.ts';
import type { ChangeResult, OutboxAccess, OutboxChange } from './outbox-access.ts';
import type { ToldProblems } from './told-problems.ts';

export function spoolAccess(state: string, { note }: ToldProblems): OutboxAccess {
  const files = visitSpoolFiles(join(state, 'outbox'));
  const wanted = { state, files, note };
  return {
    ...viewSpool({ files, problem: note }),
    async change(id, kind, reason) {
      const change = { ...wanted, id, kind, reason };
      return (await changeHere(change)) ?? changeByWish(change);
    },
    close: async () => undefined,
  };
}

interface Wanted {
  readonly state: string;
  readonly files: VisitedSpoolFiles;
  readonly note: ToldProblems['note'];
  readonly id: string;
  readonly kind: OutboxChange;
  readonly reason: string;
}

/** Undefined where another process holds the spool. */
async function changeHere({ state, note, id, kind, reason }: Wanted): Promise<ChangeResult | undefined> {
  const opened = await openDirectoryMail({
    stateDirectory: state,
    clock: systemClock,
    random: Math.random,
    problem: note,
  });
  if (opened.kind === 'failed') return undefined;
  const { outbox, history } = opened;
  outbox.onDropped((entry, said) => history.add(droppedRecord(entry, said, systemClock.now())));
  const done = kind === 'retry' ? await outbox.retry(id) : await outbox.drop(id, reason);
  await history.close();
  await outbox.close();
  return done ? { kind: 'done' } : { kind: 'failed', message: `Message ${id} is gone, or could not be changed.` };
}

const answerWithin = 15_000;
const lookAgain = 100;

async function changeByWish({ files, id, kind, reason }: Wanted): Promise<ChangeResult> {
  const name = wishName(id, kind);
  const left = await files.leave(wishesBox, name, reason);
  if (left.kind === 'unavailable') return { kind: 'failed', message: left.message };
  const deadline = systemClock.monotonic() + answerWithin;
  while (systemClock.monotonic() < deadline) {
    await systemClock.sleep(lookAgain, never);
    if ((await files.read(wishesBox, name)).kind === 'missing') return { kind: 'doneByOperator' };
  }
  await files.remove(wishesBox, name);
  const message = `The process that holds the outbox did not answer within ${answerWithin / 1_000} s; nothing was changed.`;
  return { kind: 'failed', message };
}

const never = new AbortController().signal;
