// No secret is ever told: a run with failures of every kind, and servers that say back what they were sent, leave no
// trace of any planted secret in what is printed, logged or written.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { createAuthority, type Issued } from '../demo/authority.ts';
import { unusedPort } from '../demo/other-listeners.ts';
import { type Canary, canariesIn } from './canaries.ts';
import { useProgram } from './cli/program.ts';
import { basicAuth, plain, silent, startServer, withLogin } from './relays/servers.ts';
import { declareRelay, declareSecret } from './relays/world.ts';
import { json, startEndpoint } from './smtp/oauth/token-endpoint.ts';
import { type Folders, newFolders, writeFile } from './store/directory/opened-store.ts';
import { temporaryDirectory } from './store/directory/temporary-directory.ts';

const program = useProgram();

const user = 'relay@corp.example';

const secrets = {
  password: 'Canary-password-8b1f2e9a',
  nonAscii: 'Kanarienvögel-ß-€-4c7d9e1f',
  specials: 'canary+/=%&"\\<>| 77aa11bb',
  short: 'zq7',
  clientSecret: 'canary-client-secret-2d4e6f80',
  refreshToken: 'canary-refresh-token-91a3c5e7',
  accessToken: 'canary.access-token.0f1e2d3c4b5a',
  mistaken: 'canary-in-the-wrong-place-6a5b4c',
  broken: 'canary-in-a-broken-file-3c2d1e0f',
  numeric: '0777123456701234',
  notBase64: 'canary-not-base64!-1a2b3c4d',
} as const;

let keys: Record<'ca' | 'client' | 'jwt' | 'dkim', Issued>;
let caCertificate: string;
let canaries: Canary[];
beforeAll(async () => {
  const authority = await createAuthority();
  const issue = () => authority.issue({ ipAddresses: ['127.0.0.1'] });
  const [ca, client, jwt, dkim] = await Promise.all([issue(), issue(), issue(), issue()]);
  keys = { ca, client, jwt, dkim };
  caCertificate = authority.certificatePem;
  canaries = [
    ...Object.entries(secrets).map(([what, value]) => ({ what, value })),
    ...Object.entries(keys).map(([what, { privateKeyPem }]) => ({
      what: `${what} key`,
      value: keyLine(privateKeyPem),
    })),
    // Octal in YAML 1.1, decimal in YAML 1.2.
    { what: 'numeric as a number', value: String(Number(secrets.numeric)) },
    { what: 'numeric as octal', value: String(Number.parseInt(secrets.numeric, 8)) },
  ].filter(({ value }) => value.length > 3);
});

/** Of the base64 of a key, the line that is most its own. */
function keyLine(pem: string): string {
  return pem.split('\n')[2]?.slice(8) ?? '';
}

/** Refuses a login with all that it was told, in every form that comes to mind, and cut at many places. */
function echo(code: string, told: string, name = user) {
  const forms = (text: string) => [
    text,
    Buffer.from(text).toString('base64'),
    Buffer.from(text).toString('hex'),
    Buffer.from(text).toString('hex').toUpperCase(),
    Buffer.from(text).toString('base64url'),
    encodeURIComponent(text),
    JSON.stringify(text),
  ];
  const padded = (text: string) => Array.from({ length: 12 }, (_, index) => `${'.'.repeat(37 * index)}${text}`);
  return (line: string) => {
    const response = line.split(' ').at(-1) ?? '';
    const lines = [response, ...forms(told), `\0${name}\0${told}`, ...forms(`\0${name}\0${told}`)];
    const said = [...lines, ...padded(told)].map((text) => text.replaceAll('\0', ' '));
    return `${said.map((text) => `${code}-5.7.8 you said ${text}\r\n`).join('')}${code} 5.7.8 ${told}\r\n`;
  };
}

interface Scene {
  readonly folders: Folders;
  readonly relays: readonly string[];
  readonly environment: Record<string, string>;
}

async function scene(): Promise<Scene> {
  const folders = newFolders();
  const relays: string[] = [];
  const add = (name: string, spec: object) => {
    relays.push(name);
    declareRelay(folders, { name, spec });
  };
  const tls = { cert: keys.ca.chainPem, key: keys.ca.privateKeyPem };
  const logins: [string, string][] = Object.entries(secrets).slice(0, 4);
  for (const [name, password] of logins) {
    const data = { username: user, password };
    declareSecret(folders, { name, type: basicAuth, data });
    const auth = echo('535', password);
    for (const mechanism of ['PLAIN', 'LOGIN']) {
      const script = { capabilities: [`AUTH ${mechanism}`], on: { AUTH: auth }, otherwise: () => auth('') };
      const server = await startServer(script);
      add(`${name}-${mechanism}`.toLowerCase(), withLogin(server.port, name));
    }
    const later = await startServer({ capabilities: ['AUTH PLAIN'], on: { AUTH: echo('454', password) } });
    add(`${name}-later`.toLowerCase(), withLogin(later.port, name));
    // Accepted first, said back afterwards.
    const said = echo('550', password);
    const sender = await startServer({ capabilities: ['AUTH PLAIN'], on: { MAIL: said } });
    const probe = { depth: 'Envelope', recipient: 'b@example.com' };
    add(`${name}-sender`.toLowerCase(), withLogin(sender.port, name, { sender: { address: 'a@example.com' }, probe }));
  }
  const greeting = await startServer({ greeting: `554 5.3.2 ${secrets.password}\r\n` });
  add('greeting', withLogin(greeting.port, 'password'));
  add('refused', withLogin(await unusedPort(), 'password'));
  add('silent', withLogin((await startServer(silent)).port, 'password', { connectionTimeout: '500ms' }));
  add('unencrypted', plain(greeting.port, { auth: { secretRef: { name: 'password' } } }));

  declareSecret(folders, { name: 'ca', type: 'Opaque', data: { 'ca.crt': caCertificate + keys.ca.privateKeyPem } });
  declareSecret(folders, { name: 'only-a-key', type: 'Opaque', data: { 'ca.crt': keys.ca.privateKeyPem } });
  const encrypted = await startServer({ tls });
  const trusting = (ca: string, more: object = {}) =>
    plain(encrypted.port, { tls: { caSecretRef: { name: ca }, ...more } });
  add('ca-with-key', trusting('ca'));
  add('ca-only-a-key', trusting('only-a-key'));
  const pair = (certificate: Issued) => ({ 'tls.crt': certificate.chainPem, 'tls.key': keys.client.privateKeyPem });
  declareSecret(folders, { name: 'client', type: 'kubernetes.io/tls', data: pair(keys.client) });
  declareSecret(folders, { name: 'mixed-up', type: 'kubernetes.io/tls', data: pair(keys.dkim) });
  add('client-certificate', trusting('ca', { clientCertificateSecretRef: { name: 'client' } }));
  add('client-mixed-up', trusting('ca', { clientCertificateSecretRef: { name: 'mixed-up' } }));
  declareSecret(folders, {
    name: 'dkim',
    type: 'Opaque',
    data: { 'tls.key': `${keys.dkim.privateKeyPem.slice(0, -60)}` },
  });
  const dkim = { domain: 'example.com', selector: 's', privateKeySecretRef: { name: 'dkim' } };
  add('dkim', trusting('ca', { dkim }));
  add('dkim-broken', plain(encrypted.port, { dkim, tls: { mode: 'None' } }));
  declareSecret(folders, { name: 'wrong-type', type: 'Opaque', data: { password: secrets.password } });
  add('wrong-type', withLogin(encrypted.port, 'wrong-type'));

  const environment = await tokens(folders, add);
  misplaced(folders, encrypted.port);
  return { folders, relays, environment };
}

/** OAuth 2: token answers that say the secrets back, and tokens that the mail server says back. */
async function tokens(folders: Folders, add: (name: string, spec: object) => void): Promise<Record<string, string>> {
  const type = 'relaykeeper.dev/oauth';
  declareSecret(folders, { name: 'client-secret', type, data: { client_secret: secrets.clientSecret } });
  const refresh = { refresh_token: secrets.refreshToken, client_secret: secrets.clientSecret };
  declareSecret(folders, { name: 'refresh', type, data: refresh });
  declareSecret(folders, { name: 'jwt', type, data: { private_key: keys.jwt.privateKeyPem } });
  declareSecret(folders, { name: 'jwt-broken', type, data: { private_key: keys.jwt.privateKeyPem.slice(0, -60) } });

  const [good, bad] = await Promise.all([startEndpoint(), startEndpoint()]);
  good.answer(json(200, { access_token: secrets.accessToken, token_type: 'Bearer', expires_in: 3600 }));
  bad.answer((response, form) => {
    const said = `${form} ${[...form.values()].join(' ')} ${Buffer.from(String(form)).toString('hex')}`;
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: 'invalid_client', error_description: said }));
  });
  const auth = echo('535', secrets.accessToken, 'a@example.com');
  const server = await startServer({ capabilities: ['AUTH XOAUTH2'], on: { AUTH: auth } });
  const grants = {
    ClientCredentials: ['client-secret'],
    RefreshToken: ['refresh'],
    JwtBearer: ['jwt', 'jwt-broken'],
  };
  for (const [grant, names] of Object.entries(grants)) {
    for (const [kind, endpoint] of Object.entries({ good, bad })) {
      for (const name of names) {
        const jwt = grant === 'JwtBearer' ? { jwt: { issuer: 'i', subject: 'a@example.com' } } : { clientId: 'c' };
        const oauth2 = { tokenUrl: endpoint.url, grant, scopes: ['s'], secretRef: { name }, ...jwt };
        const login = { mechanism: 'XOAuth2', username: 'a@example.com', allowUnencrypted: true, oauth2 };
        add(`${name}-${kind}`, plain(server.port, { auth: login }));
      }
    }
  }
  return { NODE_EXTRA_CA_CERTS: writeFile(temporaryDirectory(), 'ca.pem', good.ca + bad.ca) };
}

/** Secrets where they do not belong, and files that are broken around them. */
function misplaced({ directory }: Folders, port: number): void {
  const write = (name: string, text: string) => writeFile(directory, `${name}.yaml`, text);
  const head = (kind: string, name: string) =>
    `apiVersion: ${kind === 'Secret' ? 'v1' : 'relaykeeper.dev/v1alpha1'}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: mail}\n`;
  const { mistaken, broken, numeric, notBase64 } = secrets;
  write(
    'unknown-field',
    `${head('SmtpRelay', 'u')}spec: {host: 127.0.0.1, port: ${port}, auth: {password: ${mistaken}}}\n`,
  );
  write('no-object', `${head('SmtpRelay', 'n')}spec: {host: 127.0.0.1, auth: {secretRef: ${mistaken}}}\n`);
  write('broken', `${head('Secret', 'b')}stringData:\n  password: ${broken}\n  username: [\n`);
  write('torn', `${head('Secret', 't')}stringData:\n  password: "${broken}\n`);
  write('twice', `${head('Secret', 'w')}stringData:\n  password: ${broken}\n  password: ${broken}\n`);
  write('indented', `${head('Secret', 'i')}stringData:\n  username: u\n password: ${broken}\n`);
  write('alias', `${head('Secret', 'a')}stringData: {password: *${broken}}\n`);
  write('tag', `${head('Secret', 'g')}stringData: {password: !${broken} x}\n`);
  write('key', `${head('Secret', 'k')}stringData: {? {a: ${broken}} : b}\n`);
  write('numeric', `${head('Secret', 'm')}stringData: {password: ${numeric}}\n`);
  write('not-base64', `${head('Secret', 'x')}type: ${basicAuth}\ndata: {username: dQ==, password: "${notBase64}"}\n`);
  write('a-list', `${head('Secret', 'l')}stringData: {password: [${broken}]}\n`);
  write('whole', `${head('Secret', 'h')}stringData: ${broken}\n`);
}

function statesIn(directory: string): Map<string, string> {
  const paths = readdirSync(directory, { recursive: true, encoding: 'utf8' });
  const files = paths.filter((path) => statSync(join(directory, path)).isFile());
  return new Map(files.map((path) => [path, readFileSync(join(directory, path), 'latin1')]));
}

describe('no secret is told', { timeout: 180_000 }, () => {
  test('by the operator on a directory, in what it prints and what it writes', async () => {
    const { folders, relays, environment } = await scene();
    const outputs = new Map<string, string>();
    const operate = ['run', '--directory', folders.directory, '--state', folders.stateDirectory];
    const note = (name: string, { stdout, stderr }: { stdout: string; stderr: string }) => {
      outputs.set(`stdout of ${name}`, stdout);
      outputs.set(`stderr of ${name}`, stderr);
    };
    const running = program.start([...operate, '--http-listen', '127.0.0.1:0'], { environment });
    for (const relay of relays) await running.printed(new RegExp(`mail/${relay} Ready=(True|False)`));
    await running.printed(/^error: /m);
    const [, metrics] = /served at (http:\S+)/.exec(running.stdout()) ?? [];
    outputs.set('metrics', await (await fetch(`${metrics}/metrics`)).text());
    running.signal('SIGTERM');
    note('run', await running.ended);
    for (const flags of [['--once'], ['--once', '-o', 'json']])
      note(`run ${flags.join(' ')}`, await program.run([...operate, ...flags], { environment }));
    const written = statesIn(folders.stateDirectory);
    expect([...written.keys()]).toEqual(expect.arrayContaining(['events.jsonl', 'status/mail/SmtpRelay/refused.yaml']));
    for (const [name, text] of written) outputs.set(name, text);
    // What is looked for would be found: the servers did say it, and their words are shown.
    expect(outputs.get('status/mail/SmtpRelay/password-plain.yaml')).toContain('you said');
    expect([...outputs.values()].join('\n')).toContain('invalid_client');
    expect(outputs.get('metrics')).toContain('relay="password-plain",reason="AuthenticationFailed"');
    expect(canariesIn(outputs, canaries)).toEqual([]);
  });

  test('by validate', async () => {
    const { folders } = await scene();
    const outputs = new Map<string, string>();
    for (const flags of [[], ['-o', 'json']]) {
      const { code, stdout, stderr } = await program.run(['validate', folders.directory, ...flags]);
      expect(code).toBe(1);
      expect(stdout).toContain('unknown field');
      outputs.set(`validate ${flags.join(' ')}`, stdout + stderr);
    }
    expect(canariesIn(outputs, canaries)).toEqual([]);
  });

  test('by probe, with its transcript, of manifests', async () => {
    const { folders, relays, environment } = await scene();
    const outputs = new Map<string, string>();
    const whole = readdirSync(folders.directory).filter(
      (name) => !/^(broken|torn|twice|indented|alias|tag|key)\./.test(name),
    );
    const files = whole.flatMap((name) => ['-f', join(folders.directory, name)]);
    for (const relay of relays) {
      for (const flags of [['-v'], ['-o', 'json']]) {
        const { stdout, stderr } = await program.run(['probe', ...files, relay, ...flags], { environment });
        expect(stdout + stderr).not.toBe('');
        outputs.set(`probe ${relay} ${flags.join(' ')}`, stdout + stderr);
      }
    }
    for (const name of readdirSync(folders.directory)) {
      const { stdout, stderr } = await program.run(['probe', '-f', join(folders.directory, name)], { environment });
      outputs.set(`probe -f ${name}`, stdout + stderr);
    }
    expect(outputs.get('probe password-plain -v')).toContain('you said');
    expect(canariesIn(outputs, canaries)).toEqual([]);
  });

  test('by probe of flags, right, wrong and mistaken', async () => {
    const { password } = secrets;
    const auth = echo('535', password);
    const server = await startServer({ capabilities: ['AUTH PLAIN'], on: { AUTH: auth } });
    const file = writeFile(temporaryDirectory(), 'password', password);
    const host = ['probe', '--host', '127.0.0.1', '--port', String(server.port), '--tls', 'None'];
    const login = ['--username', user, '--password-file', file];
    const outputs = new Map<string, string>();
    const commands = [
      [...host, ...login, '--allow-unencrypted', '-v'],
      [...host, ...login, '--allow-unencrypted', '-o', 'json'],
      [...host, ...login, '-v'],
      [...host, ...login, '--wrong'],
      [...host, ...login, '--depth', 'Envelope'],
      [...host, '--username', 'u', `--password=${password}`],
      [...host, '--username', 'u', '--password', password],
      [...host, '--username', 'u', `--password-stdin=${password}`],
      [...host, '--ca', file],
      ['run', `--password=${password}`],
      ['probe', '--help'],
      [`--password=${password}`],
    ];
    for (const args of commands) {
      const { stdout, stderr } = await program.run(args);
      outputs.set(args.map((arg) => arg.replace(password, 'PASSWORD')).join(' '), stdout + stderr);
    }
    expect(canariesIn(outputs, canaries)).toEqual([]);
  });
});

test('a canary is found in each form that it may take', () => {
  const value = 'Kanarie-ß "77aa';
  const canary = [{ what: 'c', value }];
  const inBase64 = (before: string) => Buffer.from(`${before}${value} and more`).toString('base64');
  const told = [
    `said ${value}.`,
    JSON.stringify({ value }),
    inBase64(''),
    inBase64('a'),
    inBase64('ab'),
    Buffer.from(value).toString('hex'),
    encodeURIComponent(value),
    String(new URLSearchParams({ value })),
    value.slice(0, 13),
  ];
  for (const text of told) expect(canariesIn(new Map([['text', text]]), canary), text).not.toEqual([]);
  expect(canariesIn(new Map([['text', 'Kanarie']]), canary)).toEqual([]);
});
