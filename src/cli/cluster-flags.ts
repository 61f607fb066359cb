// The flags that say which cluster, the same on every command that reaches one.
import type { Command } from 'commander';

export interface ClusterFlags {
  readonly kubeconfig?: string;
  readonly context?: string;
}

export function withClusterFlags(command: Command): Command {
  return command
    .option('--kubeconfig <file>', 'the kubeconfig; else $KUBECONFIG, ~/.kube/config or, in a pod, its service account')
    .option('--context <name>', 'the context of the kubeconfig');
}
