import { Command, Option } from 'commander';
import { type ClusterFlags, withClusterFlags } from './cluster-flags.ts';
import { type HealthFlags, httpListen } from './health-flags.ts';
import type { Io } from './io.ts';
import { type LogFormat, type LogLevel, logFormats, logLevels } from './log/log-flags.ts';
import { durationUpTo, ehloName, gather, gatherNamespaces, wholeNumber } from './parse-flag.ts';
import { gatherRoles, rolesHelp } from './roles.ts';
import { listenAddress, type WebhookFlags } from './webhook-flags.ts';

export interface RunFlags extends ClusterFlags, WebhookFlags, HealthFlags {
  readonly directory?: string;
  readonly state?: string;
  readonly outbox?: 'kubernetes' | 'spool';
  readonly once?: boolean;
  readonly output: 'table' | 'json';
  readonly namespace?: readonly string[];
  readonly secretAccess: 'Cluster' | 'Namespaces' | 'Named';
  readonly operatorNamespace?: string;
  readonly identity?: string;
  readonly kubeApiQps: number;
  readonly concurrentProbes: number;
  readonly statusHeartbeat?: number;
  readonly ehloName?: string;
  readonly deniedCidrs?: readonly string[];
  readonly allowLocalAddresses?: boolean;
  readonly allowedRelayHosts?: readonly string[];
  readonly allowedTokenHosts?: readonly string[];
  readonly logLevel?: LogLevel;
  readonly logFormat?: LogFormat;
}

/** `relaykeeper run`: the operator, on a cluster or on a directory of manifests. */
export function runCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('run')
    .description('Run the operator: on a directory of manifests, or in a cluster.')
    .option('--directory <dir>', 'watch the manifests in this directory; no cluster is needed')
    .option(
      '--state <dir>',
      'where statuses are written (default: .relaykeeper in the directory); with --outbox spool, where mail waits',
    )
    .option('--once', 'with --directory: probe every relay once, send what is due, print, and end')
    .addOption(
      new Option('-o, --output <format>', 'with --directory: what is printed')
        .choices(['table', 'json'])
        .default('table'),
    )
    .option(
      '-n, --namespace <name>',
      'watch only this namespace (may be repeated); with --directory: the default one',
      gatherNamespaces,
    )
    .addOption(
      new Option('--secret-access <mode>', 'how Secrets may be read in the cluster')
        .choices(['Cluster', 'Namespaces', 'Named'])
        .default('Cluster'),
    )
    .option('--operator-namespace <name>', "the namespace of the operator's leases (default: its own)")
    .addOption(
      new Option(
        '--outbox <engine>',
        'in a cluster: where mail waits, as Secrets or as files of --state, for one replica (default: "kubernetes")',
      ).choices(['kubernetes', 'spool']),
    )
    .option(
      '--identity <name>',
      'the name of this replica in leases and events, which no other has (default: the host name)',
    )
    .option('--kube-api-qps <number>', 'requests a second to the API server at most', wholeNumber(1, 10_000), 100)
    .option(
      '--concurrent-probes <number>',
      'probes at a time; those that wait for a slow server come on top, up to eight times as many',
      wholeNumber(1, 10_000),
      32,
    )
    .option(
      '--status-heartbeat <duration>',
      'how often an unchanged status is written again (default: 15m; with --directory, at every probe)',
      durationUpTo('20d'),
    )
    .option('--ehlo-name <name>', 'the name given in EHLO where the relay names none', ehloName)
    .option(
      '--denied-cidrs <list>',
      'address blocks never connected to; in a cluster beside loopback and link-local, which always are',
      gather,
    )
    .option('--allow-local-addresses', 'in a cluster: let relays be on loopback and link-local addresses too')
    .option('--allowed-relay-hosts <list>', 'hosts that relays may name, such as *.example.com (default: all)', gather)
    .option('--allowed-token-hosts <list>', 'hosts that token URLs may name (default: all)', gather)
    .option(
      '--http-listen <address:port>',
      'serve /livez, /readyz, /startupz and /metrics, such as at 127.0.0.1:8080; or none (default: :8080 in a pod)',
      httpListen,
    )
    .addOption(
      new Option(
        '--log-level <level>',
        'in a cluster: what is logged at least (default: info); SIGUSR2 turns debug on and off',
      ).choices(logLevels),
    )
    .addOption(
      new Option('--log-format <format>', 'in a cluster: how (default: pretty on a terminal, json elsewhere)').choices(
        logFormats,
      ),
    )
    .option(
      '--webhook-listen <address:port>',
      'take alarms at POST /v1/alarms/NAMESPACE/POLICY/ALARM, such as :8443 or 127.0.0.1:8443',
      listenAddress,
    )
    .option('--webhook-tls-cert <file>', "the webhook's certificate chain (PEM), read again when it changes")
    .option('--webhook-tls-key <file>', 'its private key (PEM)')
    .option('--roles <list>', 'in a cluster: what this replica may do, of those below (default: all)', gatherRoles);
  return withClusterFlags(command)
    .addHelpText(
      'after',
      `\n${rolesHelp()}\n\nWith --once the exit code is 0 when every relay and policy is Ready, 1 when not; 2 for unusable arguments.`,
    )
    .action(async (flags: RunFlags) => {
      const { run } = await import('./run.ts');
      done(await run(flags, io));
    });
}
