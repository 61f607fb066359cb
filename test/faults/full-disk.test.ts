// The operator's disk fills up while servers hold the replies to messages, and has room again later.
import { expect, test } from 'vitest';
import { useProgram } from '../cli/program.ts';
import { newFolders } from '../store/directory/opened-store.ts';
import { eventually } from '../store/eventually.ts';
import { directoryWorld, maxConnections, stopped } from './directory-world.ts';
import { report } from './report.ts';
import { limitedFiles, type ScarceDisk, smallFileSystem } from './scarce-disk.ts';
import { isWhole } from './seeded.ts';
import { startSink } from './sink.ts';

const program = useProgram();

type Scarce = () => ScarceDisk | undefined;

/** Each where it can be had; in the short form the first that can. */
const disks: [string, Scarce][] = isWhole
  ? [
      ['a full file system', smallFileSystem],
      ['files that may not grow', limitedFiles],
    ]
  : [['a full file system, or else files that may not grow', () => smallFileSystem() ?? limitedFiles()]];

test.for(disks)(
  '%s: it is said, loses nothing and doubles nothing, and the operator goes on once there is room',
  { timeout: 180_000 },
  async ([, scarce], { skip }) => {
    const disk = scarce() ?? skip('mounting a small file system needs root, and there is no prlimit either');
    let gate = Promise.withResolvers<void>();
    gate.resolve();
    let answered = 0;
    const beforeReply = async () => {
      await gate.promise;
      answered += 1;
    };
    const sink = await startSink({ beforeReply });
    const folders = { directory: newFolders().directory, stateDirectory: disk.directory };
    const world = directoryWorld({ program, sink, folders });
    world.addAccounts(10);
    const operator = world.start();
    await world.allArrived();

    gate = Promise.withResolvers<void>();
    world.addAccounts(15);
    await eventually('final dots wait for replies', () => sink.deliveries.length - answered === maxConnections);
    await disk.fill(operator.pid);
    gate.resolve();
    await operator.printed(disk.firstFault);
    // So many that also the list of accounts needs another block.
    world.addAccounts(60);
    await operator.printed(new RegExp(`accounts.jsonl cannot be written: .*${disk.code}`));
    const statusFaults = () =>
      operator.stdout().match(/status could not be written .*NotificationPolicy/g)?.length ?? 0;
    const before = statusFaults();
    await eventually('a status after that cannot be written', () => statusFaults() > before, { within: 60_000 });
    const arrivedWhileFull = sink.deliveries.length;
    await disk.free(operator.pid);

    const freed = performance.now();
    await world.allArrived();
    report(`disk, ${disk.code}`, { arrivedWhileFull, recoveredMs: Math.round(performance.now() - freed) });
    await stopped(operator);
    expect(sink.judge()).toMatchObject({ wrong: [], excused: 0 });
    expect(sink.deliveries).toHaveLength(85);
  },
);
