// Writes the demo's manifests: one file a relay, and one with the CA that most of them trust.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dump } from 'js-yaml';
import type { DemoCertificates } from './certificates.ts';
import { demoAccount, demoPolicy } from './mail.ts';
import { caName, type DemoRelay, type DemoSecret } from './relays.ts';

/** A relay of the demo and the port that its server got. */
export interface ServedRelay {
  readonly relay: DemoRelay;
  readonly port: number;
}

const demoNamespace = 'mail';

export async function writeManifests(
  directory: string,
  { served, certificates }: { served: readonly ServedRelay[]; certificates: DemoCertificates },
): Promise<void> {
  const write = (name: string, text: string) => writeFile(join(directory, name), text);
  await Promise.all([
    write(`${caName}.yaml`, caManifests(certificates)),
    write('guests.yaml', policyManifest()),
    ...served.map((one) => write(`${one.relay.name}.yaml`, relayManifests(one, certificates))),
  ]);
}

/** The text of one relay's file. */
function relayManifests({ relay, port }: ServedRelay, certificates: DemoCertificates): string {
  const manifest = {
    apiVersion: 'relaykeeper.dev/v1alpha1',
    kind: 'SmtpRelay',
    metadata: { name: relay.name, namespace: demoNamespace },
    spec: {
      host: 'localhost',
      port,
      sender: { address: 'relaykeeper@demo.example' },
      probe: { interval: '10s' },
      ...relay.spec,
    },
  };
  const secrets = relay.secrets?.(certificates) ?? [];
  return [comment(relay.about.join('\n')), yaml(manifest), ...secrets.map(secretManifest)].join('');
}

function policyManifest(): string {
  const about = [
    'Mails guests their log-in details, and reminds them before their account ends.',
    'Change the password of an account to see the reset mail; set spec.mode to DryRun to see nothing sent.',
  ];
  return [comment(about.join('\n')), yaml(demoPolicy(demoNamespace))].join('');
}

/** Adds the account that the mail goes to, as a portal would. */
export async function addAccount(directory: string, now: Date): Promise<void> {
  await writeFile(join(directory, 'guest-jane.yaml'), yaml(demoAccount(demoNamespace, now)));
}

function caManifests({ ca }: DemoCertificates): string {
  const metadata = { name: caName, namespace: demoNamespace };
  return [
    comment('The CA that issued the certificates of most servers of this demo.'),
    yaml({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData: { 'ca.crt': ca } }),
    '---\n',
    yaml({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { 'ca.crt': ca } }),
  ].join('');
}

function secretManifest({ name, type = 'Opaque', values, commentedOut = false }: DemoSecret): string {
  const metadata = { name, namespace: demoNamespace };
  const text = `---\n${yaml({ apiVersion: 'v1', kind: 'Secret', metadata, type, stringData: values })}`;
  return commentedOut ? comment(text.trimEnd()) : text;
}

/** Certificates stay readable as blocks, nothing is folded, and no alias stands for what is said twice. */
function yaml(value: unknown): string {
  return dump(value, { lineWidth: -1, noRefs: true });
}

function comment(text: string): string {
  return text
    .split('\n')
    .map((line) => `# ${line}\n`)
    .join('');
}
