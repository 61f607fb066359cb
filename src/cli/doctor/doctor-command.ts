import { Command, Option } from 'commander';
import { type ClusterFlags, withClusterFlags } from '../cluster-flags.ts';
import type { Io } from '../io.ts';
import { gatherNamespaces, httpUrl } from '../parse-flag.ts';

export interface DoctorFlags extends ClusterFlags {
  readonly directory?: string;
  readonly state?: string;
  readonly namespace?: readonly string[];
  readonly secretAccess: 'Cluster' | 'Namespaces' | 'Named';
  readonly operatorNamespace?: string;
  readonly serviceAccount?: string;
  readonly webhookUrl?: URL;
  readonly output: 'text' | 'json';
}

/** `relaykeeper doctor`: what an installation lacks, and how to mend it. Changes nothing. */
export function doctorCommand(io: Io, done: (exitCode: number) => void): Command {
  const command = new Command('doctor')
    .description('Look at an installation as a whole: what it lacks, and how to mend it. Changes nothing.')
    .option('--directory <dir>', 'an operator without a cluster, on the manifests in this directory')
    .option('--state <dir>', 'with --directory: where it keeps its state (default: .relaykeeper in it)')
    .option(
      '-n, --namespace <name>',
      'as given to the operator: only this namespace (may be repeated)',
      gatherNamespaces,
    )
    .addOption(
      new Option('--secret-access <mode>', 'as given to the operator: how it may read Secrets')
        .choices(['Cluster', 'Namespaces', 'Named'])
        .default('Cluster'),
    )
    .option('--operator-namespace <name>', "where the operator runs (default: the pod's or the context's namespace)")
    .option(
      '--service-account <name>',
      "whose rights are asked for: the operator's, in its namespace (default: those of who asks)",
    )
    .option('--webhook-url <url>', 'where senders reach the alarm webhook, such as https://alarms.example.com', httpUrl)
    .addOption(new Option('-o, --output <format>', 'what is printed').choices(['text', 'json']).default('text'));
  return withClusterFlags(command)
    .addHelpText('after', '\nExit code: 0 nothing is wrong, 1 something is, 2 unusable arguments.')
    .action(async (flags: DoctorFlags) => {
      const { doctor } = await import('./doctor.ts');
      done(await doctor(flags, io));
    });
}
