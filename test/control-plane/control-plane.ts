// A real etcd and kube-apiserver on free loopback ports, in a temporary directory, with RBAC: what a test needs to see
// how Kubernetes itself answers. No scheduler and no kubelet, so pods never run.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { accessControlPlane, type ControlPlaneAccess, type ControlPlaneInfo } from './access.ts';
import { auditArguments, auditPolicy } from './audit-log.ts';
import type { Binaries } from './binaries.ts';
import { freePort } from './free-port.ts';
import { kubeconfigText } from './kubeconfig.ts';
import { type SupervisedProcess, startSupervised } from './supervised-process.ts';

export interface ControlPlane extends ControlPlaneAccess {
  readonly info: ControlPlaneInfo;
  /** SIGKILL, as when its node is lost; etcd keeps what was written. */
  killApiServer(): Promise<void>;
  /** On the same port; resolves once it is ready. */
  startApiServer(): Promise<void>;
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  readonly binaries: Binaries;
  /** Further flags of kube-apiserver. */
  readonly apiServerFlags?: readonly string[];
}

const attempts = 3;

export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  let last: unknown;
  for (let attempt = 0; attempt < attempts; attempt++) {
    try {
      return await startOnce(options);
    } catch (error) {
      // Most often another process took one of the ports that were free a moment ago.
      last = error;
    }
  }
  throw last;
}

async function startOnce({ binaries, apiServerFlags = [] }: ControlPlaneOptions): Promise<ControlPlane> {
  const directory = mkdtempSync(join(tmpdir(), 'relaykeeper-control-plane-'));
  const [etcdPort, peerPort, apiPort] = [await freePort(), await freePort(), await freePort()];
  const url = `https://127.0.0.1:${apiPort}`;
  const token = writeCredentials(directory);
  const start = (command: string, name: string, args: readonly string[]) =>
    startSupervised(command, args, { logFile: join(directory, `${name}.log`), directory });
  const startApi = () =>
    start(binaries.apiServer, 'kube-apiserver', [
      ...apiServerArguments(directory, etcdPort, apiPort),
      ...apiServerFlags,
    ]);

  const etcd = await start(binaries.etcd, 'etcd', etcdArguments(directory, etcdPort, peerPort));
  let apiServer = await startApi();
  const stop = async () => {
    await Promise.all([apiServer.kill('SIGKILL'), etcd.kill('SIGKILL')]);
    rmSync(directory, { recursive: true, force: true });
  };
  try {
    await untilReady({ url, token, directory, apiServer });
  } catch (error) {
    await stop();
    throw error;
  }

  const info = {
    url,
    token,
    directory,
    kubectl: binaries.kubectl,
    kubeconfigPath: join(directory, 'admin.kubeconfig'),
  };
  writeFileSync(info.kubeconfigPath, kubeconfigText({ url, certificateFile: certificateFile(directory), token }));
  return {
    ...accessControlPlane(info),
    info,
    stop,
    killApiServer: () => apiServer.kill('SIGKILL'),
    async startApiServer() {
      apiServer = await startApi();
      await untilReady({ url, token, directory, apiServer });
    },
  };
}

/** The admin's token; the files are those that the flags below name. */
function writeCredentials(directory: string): string {
  const token = randomBytes(24).toString('hex');
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  writeFileSync(join(directory, 'service-account.key'), privateKey.export({ type: 'sec1', format: 'pem' }));
  writeFileSync(join(directory, 'tokens.csv'), `${token},admin,admin,system:masters\n`);
  writeFileSync(join(directory, 'audit-policy.json'), auditPolicy);
  return token;
}

function certificateFile(directory: string): string {
  return join(directory, 'certificates', 'apiserver.crt');
}

function etcdArguments(directory: string, port: number, peerPort: number): string[] {
  return [
    `--data-dir=${join(directory, 'etcd')}`,
    `--listen-client-urls=http://127.0.0.1:${port}`,
    `--advertise-client-urls=http://127.0.0.1:${port}`,
    `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
    `--initial-advertise-peer-urls=http://127.0.0.1:${peerPort}`,
    `--initial-cluster=default=http://127.0.0.1:${peerPort}`,
    // The data dies with the directory; there is nothing to be durable for.
    '--unsafe-no-fsync=true',
    '--log-level=warn',
  ];
}

function apiServerArguments(directory: string, etcdPort: number, port: number): string[] {
  const key = join(directory, 'service-account.key');
  return [
    `--etcd-servers=http://127.0.0.1:${etcdPort}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${port}`,
    `--cert-dir=${join(directory, 'certificates')}`,
    `--token-auth-file=${join(directory, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    // Nothing here makes the default service accounts that it waits for.
    '--disable-admission-plugins=ServiceAccount',
    '--service-account-issuer=https://127.0.0.1/',
    `--service-account-key-file=${key}`,
    `--service-account-signing-key-file=${key}`,
    '--service-cluster-ip-range=10.0.0.0/24',
    '--endpoint-reconciler-type=none',
    ...auditArguments(directory, join(directory, 'audit-policy.json')),
  ];
}

interface ReadyQuestion {
  readonly url: string;
  readonly token: string;
  readonly directory: string;
  readonly apiServer: SupervisedProcess;
}

async function untilReady({ url, token, directory, apiServer }: ReadyQuestion): Promise<void> {
  const deadline = performance.now() + 90_000;
  const logFile = join(directory, 'kube-apiserver.log');
  let ended = false;
  void apiServer.ended.then(() => {
    ended = true;
  });
  while (!(await isReady(url, token))) {
    if (ended || performance.now() > deadline) {
      const log = readFileSync(logFile, 'utf8').slice(-2_000);
      throw new Error(`kube-apiserver ${ended ? 'ended' : 'is not ready after 90 s'}:\n${log}`);
    }
    await wait(100);
  }
}

function isReady(url: string, token: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(
      `${url}/readyz`,
      // Its certificate is made as it starts; this only asks whether it is there.
      { headers: { authorization: `Bearer ${token}` }, rejectUnauthorized: false, timeout: 5_000 },
      (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
