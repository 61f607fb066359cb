// A relay of the cluster: probed from here with what the cluster holds, or by the operator from its own network.
import { randomUUID } from 'node:crypto';
import { type Key, keyText } from '../api/resource.ts';
import { type ProbeReport, probeRequestedAnnotation } from '../api/smtp-relay.ts';
import { systemClock } from '../store/clock.ts';
import type { ApiClient } from '../store/kubernetes/api-client.ts';
import { readReference } from '../store/kubernetes/read-reference.ts';
import { annotateRelay, type RelayRead, readRelay } from '../store/kubernetes/read-relay.ts';
import type { StoredRelay } from '../store/store.ts';
import { type Io, UnusableArgument } from './io.ts';
import { openCluster } from './open-cluster.ts';
import type { ProbeFlags } from './probe-command.ts';
import type { RelaySource } from './probe-relay-target.ts';

const qps = 20;
/** How often the relay is looked at while the operator probes, and for how long without --wait. */
const lookAgain = 300;
const defaultWait = 5 * 60_000;

export async function relayInCluster(name: string, flags: ProbeFlags, io: Io): Promise<RelaySource> {
  const client = await openCluster(flags, { qps, io });
  const relay = found(await readRelay(client, keyFrom(name, flags, client)), keyFrom(name, flags, client));
  return { relay, read: (reference) => readReference(client, reference) };
}

/** Asks the operator for a probe and waits for its answer. */
export async function probeInCluster(name: string, flags: ProbeFlags, io: Io): Promise<ProbeReport> {
  const client = await openCluster(flags, { qps, io });
  const key = keyFrom(name, flags, client);
  const token = randomUUID();
  found(await annotateRelay(client, { key, name: probeRequestedAnnotation, value: token }), key);
  const wait = flags.wait ?? defaultWait;
  const deadline = systemClock.monotonic() + wait;
  const never = new AbortController().signal;
  while (systemClock.monotonic() < deadline) {
    const { status, metadata } = found(await readRelay(client, key), key);
    if (status?.lastHandledProbeRequest === token) return answer(status, metadata);
    await systemClock.sleep(lookAgain, never);
  }
  throw new UnusableArgument(
    `no operator answered the probe request for ${keyText(key)} within ${wait / 1000} s. Check that relaykeeper runs and watches this namespace`,
  );
}

function answer(status: NonNullable<StoredRelay['status']>, key: Key): ProbeReport {
  const accepted = status.conditions?.find(({ type }) => type === 'Accepted');
  const resolved = status.conditions?.find(({ type }) => type === 'ReferencesResolved');
  const obstacle = [accepted, resolved].find((condition) => condition?.status === 'False');
  if (obstacle)
    throw new UnusableArgument(`SmtpRelay ${keyText(key)} cannot be probed: ${obstacle.reason}: ${obstacle.message}`);
  if (!status.lastProbe) throw new UnusableArgument(`SmtpRelay ${keyText(key)} was not probed: it is suspended`);
  return status.lastProbe;
}

function keyFrom(name: string, { namespace }: ProbeFlags, client: ApiClient): Key {
  return { namespace: namespace ?? client.namespace, name };
}

function found(read: RelayRead, key: Key): StoredRelay {
  switch (read.kind) {
    case 'found':
      return read.relay;
    case 'missing':
      throw new UnusableArgument(`there is no SmtpRelay ${keyText(key)}`);
    case 'failed':
      throw new UnusableArgument(`SmtpRelay ${keyText(key)}: ${read.message}`);
  }
}
