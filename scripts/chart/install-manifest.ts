// deploy/install.yaml: the chart with its defaults, for those without Helm.
import { runHelm } from './run-helm.ts';

const namespace = 'relaykeeper';

const head = `# Relaykeeper on a cluster, in namespace ${namespace}: \`kubectl apply --server-side -f install.yaml\`.
# Generated from charts/relaykeeper by \`npm run generate\`; do not edit.
apiVersion: v1
kind: Namespace
metadata:
  name: ${namespace}
  labels:
    app.kubernetes.io/name: relaykeeper
    pod-security.kubernetes.io/enforce: restricted
`;

/** Throws where helm refuses the chart: that is a fault of ours. */
export async function installManifest(helm: string, chart: string): Promise<string> {
  // What only Helm heeds stays out.
  const { code, stdout, stderr } = await runHelm(helm, [
    ...['template', 'relaykeeper', chart, '--namespace', namespace],
    ...['--set', 'crds.keep=false'],
  ]);
  if (code !== 0) throw new Error(`helm template: ${stderr}`);
  return head + stdout.replaceAll(/^ +(helm\.sh\/chart|app\.kubernetes\.io\/managed-by): .*\n|^# Source: .*\n/gm, '');
}
