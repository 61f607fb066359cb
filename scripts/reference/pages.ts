// The pages of docs/reference/ by their file names: one for each kind, and one for the command line.
import policyCrd from '../../src/api/generated/notification-policy-crd.json' with { type: 'json' };
import relayCrd from '../../src/api/generated/smtp-relay-crd.json' with { type: 'json' };
import { cliPage } from './cli-page.ts';
import { type DescribedKind, type DescribedSchema, fieldPage } from './field-page.ts';

export function referencePages(): ReadonlyMap<string, string> {
  return new Map([
    ['smtprelay.md', fieldPage(described(relayCrd))],
    ['notificationpolicy.md', fieldPage(described(policyCrd))],
    ['cli.md', cliPage()],
  ]);
}

interface Crd {
  readonly spec: {
    readonly names: { readonly kind: string; readonly plural: string; readonly shortNames: readonly string[] };
    readonly versions: readonly {
      readonly additionalPrinterColumns: readonly { readonly name: string }[];
      readonly schema: { readonly openAPIV3Schema: unknown };
    }[];
  };
}

function described({ spec: { names, versions } }: Crd): DescribedKind {
  const [version] = versions;
  if (!version) throw new Error(`${names.kind} has no version`);
  return {
    kind: names.kind,
    source: `crds/relaykeeper.dev_${names.plural}.yaml`,
    names,
    columns: ['Name', ...version.additionalPrinterColumns.map(({ name }) => name)],
    // The API server takes the same JSON for a structural schema.
    schema: version.schema.openAPIV3Schema as DescribedSchema,
  };
}
