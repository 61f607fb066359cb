// Writes src/api/generated/ from crds/: the TypeScript type of each kind as the API server stores it
// (a field with a default is always there), and the CRD itself as JSON, which the program validates with.
import { readFile, writeFile } from 'node:fs/promises';
import { load } from 'js-yaml';
import { compile, type JSONSchema } from 'json-schema-to-typescript';

interface CustomResourceDefinition {
  spec: { names: { kind: string }; versions: { schema: { openAPIV3Schema: JSONSchema } }[] };
}

const generated = new URL('../src/api/generated/', import.meta.url);

await generate('relaykeeper.dev_smtprelays.yaml', 'smtp-relay');
await generate('relaykeeper.dev_notificationpolicies.yaml', 'notification-policy');

async function generate(crdFile: string, name: string): Promise<void> {
  const text = await readFile(new URL(`../crds/${crdFile}`, import.meta.url), 'utf8');
  const crd = load(text) as CustomResourceDefinition;
  const schema = crd.spec.versions[0]?.schema.openAPIV3Schema;
  if (!schema) throw new Error(`${crdFile} has no schema`);
  const typed = forTypes(structuredClone(schema));
  typed.properties = { ...typed.properties, metadata: { tsType: 'ObjectMeta' } };
  typed.required = ['apiVersion', 'kind', 'metadata', 'spec'];
  const types = await compile(typed, crd.spec.names.kind, {
    bannerComment: `// Generated from crds/${crdFile} by \`npm run generate\`; do not edit.\nimport type { ObjectMeta } from '../resource.ts';\n`,
    additionalProperties: false,
    strictIndexSignatures: true,
    ignoreMinAndMaxItems: true,
    style: { singleQuote: true, printWidth: 120 },
  });
  await writeFile(new URL(`${name}.ts`, generated), types);
  await writeFile(new URL(`${name}-crd.json`, generated), `${JSON.stringify(crd, null, 1)}\n`);
}

/** The same schema with defaulted fields required: what a reader gets once defaults are applied. */
function forTypes(schema: JSONSchema): JSONSchema {
  if (schema.properties) {
    const defaulted = Object.entries(schema.properties).filter(([, field]) => field.default !== undefined);
    const own = Array.isArray(schema.required) ? schema.required : [];
    schema.required = [...new Set([...own, ...defaulted.map(([field]) => field)])];
    for (const field of Object.values(schema.properties)) forTypes(field);
  }
  if (schema.items && !Array.isArray(schema.items)) forTypes(schema.items as JSONSchema);
  delete schema.default;
  return schema;
}
