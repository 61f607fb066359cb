import { expect, test } from 'vitest';
import { type HealthFlags, httpListen, httpListenOf } from '../../src/cli/health-flags.ts';

const pod = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };

const cases: [string, HealthFlags, NodeJS.ProcessEnv, number | undefined][] = [
  ['in a pod, at 8080', {}, pod, 8080],
  ['in a pod, where it was told', { httpListen: httpListen('127.0.0.1:9090') }, pod, 9090],
  ['in a pod that wants none, nowhere', { httpListen: httpListen('none') }, pod, undefined],
  ['in a pod on another cluster by kubeconfig, nowhere', { kubeconfig: 'file' }, pod, undefined],
  ['in a pod on another cluster by KUBECONFIG, nowhere', {}, { ...pod, KUBECONFIG: 'file' }, undefined],
  ['on a directory, nowhere', { directory: 'manifests' }, pod, undefined],
  ['on a directory, where it was told', { directory: 'd', httpListen: httpListen('[::1]:80') }, {}, 80],
  ['elsewhere, nowhere', {}, {}, undefined],
];

test.each(cases)('health is served %s', (_, flags, env, port) => {
  expect(httpListenOf(flags, env)?.port).toBe(port);
});
