// README.md of the chart: how to install it, and a table of its values.
import type { DocumentedValue } from './documented-values.ts';

export function chartReadme(values: readonly DocumentedValue[]): string {
  return `<!-- Generated from values.yaml by \`npm run generate\`; do not edit. -->
# Chart relaykeeper

\`\`\`sh
helm install relaykeeper charts/relaykeeper -n mail --create-namespace
\`\`\`

Kubernetes 1.30 or newer, Helm 3.17 or newer. [docs/install.md](../../docs/install.md) says how to narrow its rights, upgrade and
remove it. \`values.schema.json\` refuses a value that is wrong, with its path.

| value | default | meaning |
| --- | --- | --- |
${values.map(row).join('\n')}
`;
}

function row({ path, default: value, description }: DocumentedValue): string {
  return `| \`${path.join('.')}\` | \`${JSON.stringify(value)}\` | ${description.replaceAll('|', '\\|')} |`;
}
