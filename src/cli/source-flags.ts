// The flags that say where policies and their outbox are, the same on every command about notifications.
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { type ClusterFlags, withClusterFlags } from './cluster-flags.ts';
import { UnusableArgument } from './io.ts';

export interface PlaceFlags extends ClusterFlags {
  readonly directory?: string;
  readonly state?: string;
  readonly namespace?: string;
  readonly operatorNamespace?: string;
}

export interface SourceFlags extends PlaceFlags {
  readonly output: 'text' | 'json';
}

/** The first of the formats is the default. */
export function withSourceFlags(command: Command, formats: readonly string[] = ['text', 'json']): Command {
  return withClusterFlags(
    command
      .option('--directory <dir>', 'the manifests in this directory, in place of a cluster; an operator may be running')
      .option('--state <dir>', 'with --directory: where the operator keeps its state (default: .relaykeeper in it)')
      .option('-n, --namespace <name>', 'only this namespace; with --directory also that of objects that name none'),
  )
    .option('--operator-namespace <name>', "where the operator runs in the cluster (default: the context's namespace)")
    .addOption(new Option('-o, --output <format>', 'what is printed').choices(formats).default(formats[0]));
}

export type SourcePlace =
  | { readonly kind: 'directory'; readonly directory: string; readonly state: string }
  | { readonly kind: 'cluster' };

export function sourcePlace({ directory, state, ...flags }: PlaceFlags): SourcePlace {
  if (directory === undefined) {
    if (state !== undefined) throw new UnusableArgument('--state goes with --directory');
    return { kind: 'cluster' };
  }
  const stray = (['kubeconfig', 'context', 'operatorNamespace'] as const).find((name) => flags[name] !== undefined);
  if (stray) {
    throw new UnusableArgument(`--${stray.replace('N', '-n')} is about a cluster and goes without --directory`);
  }
  return { kind: 'directory', directory, state: state ?? join(directory, '.relaykeeper') };
}
