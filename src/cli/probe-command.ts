import { Command, Option } from 'commander';
import { type ClusterFlags, withClusterFlags } from './cluster-flags.ts';
import type { Io } from './io.ts';
import { duration, gather, wholeNumber } from './parse-flag.ts';

export interface ProbeFlags extends ClusterFlags {
  readonly host?: string;
  readonly port?: number;
  readonly tls?: 'None' | 'Opportunistic' | 'StartTls' | 'Implicit';
  readonly ca?: string;
  readonly serverName?: string;
  readonly ehloName?: string;
  readonly username?: string;
  readonly passwordFile?: string;
  readonly passwordStdin?: boolean;
  readonly mechanism?: 'Auto' | 'Plain' | 'Login' | 'CramMd5';
  readonly allowUnencrypted?: boolean;
  readonly depth?: 'Connect' | 'Tls' | 'Auth' | 'Envelope' | 'Message';
  readonly from?: string;
  readonly to?: string;
  readonly timeout?: number;
  readonly filename?: readonly string[];
  readonly namespace?: string;
  readonly inCluster?: boolean;
  readonly wait?: number;
  readonly output: 'text' | 'json';
  readonly verbose?: boolean;
}

/** `relaykeeper probe`: "Test Connection", of flags, of manifests, or of a relay in the cluster. */
export function probeCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('probe')
    .description('Test the connection to a relay: one given by flags, by manifests, or by name in the cluster.')
    .argument(
      '[name...]',
      'an SmtpRelay: of the manifests with -f (more manifests may stand here too), else of the cluster',
    )
    .option('--host <host>', 'probe this host; the flags below say how')
    .option('--port <number>', 'its port; by default that of the TLS mode: 25, 587 or 465', wholeNumber(1, 65_535))
    .addOption(
      choice('--tls <mode>', 'the TLS mode (default: StartTls)', ['None', 'Opportunistic', 'StartTls', 'Implicit']),
    )
    .option('--ca <file>', "trust the certificates in this PEM file in place of the system's")
    .option('--server-name <name>', 'the name that the certificate must carry, in place of the host')
    .option('--ehlo-name <name>', 'the name given in EHLO')
    .option('--username <name>', 'log in as this user')
    .addOption(new Option('--password-file <file>', 'read the password from this file').conflicts('passwordStdin'))
    .option('--password-stdin', 'read the password from standard input')
    .addOption(
      choice('--mechanism <name>', 'the login mechanism (default: Auto)', ['Auto', 'Plain', 'Login', 'CramMd5']),
    )
    .option('--allow-unencrypted', 'send the login over a connection that is not encrypted')
    .addOption(
      choice('--depth <depth>', 'how far to go (default: Auth, or as the relay says)', [
        'Connect',
        'Tls',
        'Auth',
        'Envelope',
        'Message',
      ]),
    )
    .option('--from <address>', 'the sender, for the depths Envelope and Message')
    .option('--to <address>', 'the recipient, for the depths Envelope and Message')
    .option('--timeout <duration>', 'the most that one step may take (default: 10s, or as the relay says)', duration)
    .option('-f, --filename <path>', 'probe the relays of this manifest, file or directory (may be repeated)', gather)
    .option('-n, --namespace <name>', 'the namespace of the relay')
    .option('--in-cluster', 'let the operator probe, from its own network, and print what it saw')
    .option('--wait <duration>', 'with --in-cluster: how long to wait for the operator (default: 5m)', duration);
  return withClusterFlags(command)
    .addOption(
      choice('-o, --output <format>', 'text, or json: exactly status.lastProbe', ['text', 'json']).default('text'),
    )
    .option('-v, --verbose', 'show the transcript, credentials redacted')
    .addHelpText('after', '\nExit code: 0 succeeded, 1 failed, 2 unusable arguments.')
    .action(async (names: readonly string[], flags: ProbeFlags) => {
      const { probe } = await import('./probe.ts');
      done(await probe(names, flags, io));
    });
}

function choice(flags: string, description: string, choices: readonly string[]): Option {
  return new Option(flags, description).choices(choices);
}
