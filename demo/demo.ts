// The demo as a whole: servers that stand or fall, manifests about them, and where both end.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDemoCertificates } from './certificates.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import { addAccount, writeManifests } from './manifests.ts';
import { demoRelays } from './relays.ts';

export interface Demo {
  /** The manifests, for the user to edit. */
  readonly manifests: string;
  /** Where the operator writes statuses. */
  readonly state: string;
  /** What the server of the policy's relay got. */
  readonly mailbox: Mailbox;
  /** Adds an account, which the policy mails. */
  readonly addAccount: () => Promise<void>;
  /** Ends every server and removes both directories. */
  readonly stop: () => Promise<void>;
}

/** Starts the servers of the table and writes their manifests to a temporary directory. */
export async function startDemo(now: Date): Promise<Demo> {
  const certificates = await createDemoCertificates(now);
  const mailbox = createMailbox();
  const served = await Promise.all(
    demoRelays.map(async (relay) => ({ relay, listener: await relay.serve(certificates, mailbox.receive) })),
  );
  const directory = await mkdtemp(join(tmpdir(), 'relaykeeper-demo-'));
  const manifests = join(directory, 'manifests');
  await mkdir(manifests);
  const ports = served.map(({ relay, listener }) => ({ relay, port: listener.port }));
  await writeManifests(manifests, { served: ports, certificates });
  return {
    manifests,
    state: join(directory, 'state'),
    mailbox,
    addAccount: () => addAccount(manifests, now),
    stop: async () => {
      await Promise.all(served.map(({ listener }) => listener.stop()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
