// Does the API server answer, is it new enough, and does it agree with this machine about the time?
import { isObject } from '../../api/json.ts';
import { clockSkew } from './clock-skew.ts';
import type { ClusterWorld } from './cluster-world.ts';
import { type Check, doubtful, type Finding, fine, wrong } from './finding.ts';

export const serverCheck: Check<ClusterWorld> = { name: 'API server', essential: true, look };
export const clockCheck: Check<Pick<ClusterWorld, 'readServerTime' | 'now'>> = { name: 'clock', look: lookAtClock };

/** CEL in admission and in schemas as we use it, and matchLabelKeys: since 1.30. */
const oldest = 30;

async function look({ client, server }: ClusterWorld, signal: AbortSignal): Promise<readonly Finding[]> {
  const result = await client.call({ method: 'GET', path: '/version' }, signal);
  if (result.kind === 'failed') {
    return [
      wrong(
        `${server} cannot be reached: ${result.message}.`,
        'Look at the address and the certificate authority of the kubeconfig, and at the network.',
      ),
    ];
  }
  if (result.kind === 'refused') {
    return [
      wrong(
        `${server} answered ${result.status} ${result.message}.`,
        'Look at the credentials of the kubeconfig or the service account.',
      ),
    ];
  }
  const { gitVersion, major, minor } = isObject(result.body) ? result.body : {};
  const answers = `Kubernetes ${String(gitVersion)} answers at ${server}.`;
  const isOld = Number(major) === 1 && Number.parseInt(String(minor), 10) < oldest;
  return [
    isOld ? wrong(answers, `Relaykeeper needs Kubernetes 1.${oldest} or newer: upgrade the cluster.`) : fine(answers),
  ];
}

/** Tokens and DKIM signatures carry times, and certificates are judged by them. */
const tolerated = 5_000;
const tooMuch = 60_000;
const remedy = 'Set both clocks by NTP: logins by OAuth 2, certificates and the times in mail depend on them.';

async function lookAtClock(
  { readServerTime, now }: Pick<ClusterWorld, 'readServerTime' | 'now'>,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const before = now();
  const time = await readServerTime(signal);
  if (time.kind === 'unknown') return [doubtful(`The time of the API server is not known: ${time.message}.`, remedy)];
  const skew = clockSkew({ before, second: time.second, after: now() });
  const seconds = Math.round(Math.abs(skew) / 1_000);
  if (Math.abs(skew) < tolerated) return [fine('This machine and the API server agree about the time.')];
  const message = `The clock of this machine is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} the API server's.`;
  return [Math.abs(skew) < tooMuch ? doubtful(message, remedy) : wrong(message, remedy)];
}
