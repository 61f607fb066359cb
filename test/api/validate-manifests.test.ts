import { describe, expect, test } from 'vitest';
import { createAuthority } from '../../demo/authority.ts';
import { readManifestText } from '../../src/api/manifest/read-manifests.ts';
import { type ValidationOptions, validateManifests } from '../../src/api/validate-manifests.ts';
import { policyCases } from './policy-cases.ts';
import { relayCases } from './relay-cases.ts';

const authority = await createAuthority();

const relay = `apiVersion: relaykeeper.dev/v1alpha1
kind: SmtpRelay
metadata: {name: corporate, namespace: mail}
spec:
  host: mail.example.com
`;
const withCa = `${relay}  tls: {caSecretRef: {name: ca}}\n`;
const withLogin = `${relay}  auth:\n    secretRef:\n      name: login\n`;
const login = `apiVersion: v1
kind: Secret
metadata: {name: login, namespace: mail}
type: kubernetes.io/basic-auth
`;
const policy = `apiVersion: relaykeeper.dev/v1alpha1
kind: NotificationPolicy
metadata: {name: guests, namespace: mail}
spec:
  relayRef: {name: corporate}
`;
const withTexts = `${policy}  credentials:
  - {name: guest, selector: {}, password: Omit, template: {configMapRef: {name: texts}}}
`;
const texts = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: texts, namespace: mail}\n';

describe('validateManifests', () => {
  test('has nothing to say of a relay with all that it refers to', () => {
    const secret = `${login}stringData: {username: a, password: b}\n`;
    expect(problemsOf({ 'relay.yaml': withLogin, 'secrets/login.yaml': secret })).toEqual([]);
  });

  test.each([...relayCases, ...policyCases])('says of $title what the API server says', ({ manifest, says }) => {
    const { problems } = validated({ 'a.json': JSON.stringify(manifest) }, { allowMissingReferences: true });
    const lines = problems.filter(({ severity }) => severity === 'error');
    expect(lines.map(({ fieldPath, message }) => `${fieldPath}: ${message}`).sort()).toEqual([...says].sort());
  });

  test('names the line of a wrong field', () => {
    expect(problemsOf({ 'a.yaml': `${relay}  port: 0\n` })).toEqual([
      'a.yaml:6:3: error: SmtpRelay mail/corporate: spec.port: SchemaInvalid: Invalid value: 0: spec.port in body should be greater than or equal to 1',
    ]);
  });

  test('a Secret must be among the files, in the namespace of the relay', () => {
    const elsewhere = login.replace('namespace: mail', 'namespace: default');
    const place = 'a.yaml:8:7: error: SmtpRelay mail/corporate: spec.auth.secretRef.name: SecretNotFound';
    const missing = 'Secret "login" is not in namespace "mail" of the given files';
    expect(problemsOf({ 'a.yaml': withLogin })).toEqual([`${place}: ${missing}`]);
    expect(problemsOf({ 'a.yaml': withLogin, 'b.yaml': elsewhere })).toEqual([
      `${place}: ${missing}; there is one in namespace "default", but a relay refers to its own namespace`,
    ]);
    expect(problemsOf({ 'a.yaml': withLogin }, { allowMissingReferences: true })).toEqual([]);
  });

  test('a namespace that is not written is the given one', () => {
    const files = {
      'a.yaml': withLogin.replace(', namespace: mail', ''),
      'b.yaml': `${login}stringData: {username: a, password: b}\n`,
    };
    expect(problemsOf(files, { namespace: 'mail' })).toEqual([]);
    expect(problemsOf(files, { namespace: 'other' })).toHaveLength(1);
  });

  test.each([
    [
      'a sealed Secret',
      'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: ca, namespace: mail}\n',
    ],
    [
      'an external Secret',
      'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: ca, namespace: mail}\n',
    ],
    [
      'an external Secret under another name',
      'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: x, namespace: mail}\nspec: {target: {name: ca}}\n',
    ],
    [
      'a Certificate',
      'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: x, namespace: mail}\nspec: {secretName: ca}\n',
    ],
    [
      'a Secret encrypted with SOPS',
      'apiVersion: v1\nkind: Secret\nmetadata: {name: ca, namespace: mail}\ndata: {ca.crt: "ENC[AES256_GCM,data:x]"}\nsops: {}\n',
    ],
  ])('%s counts as present, its content as unknown', (_, manifest) => {
    expect(problemsOf({ 'a.yaml': withCa, 'b.yaml': manifest })).toEqual([]);
  });

  test.each<readonly [string, string, string]>([
    [
      'of the wrong type',
      'type: kubernetes.io/tls',
      'SecretTypeNotAllowed: Secret "login" has the type kubernetes.io/tls; its type must be kubernetes.io/basic-auth, and can only be set when it is created (b.yaml:1)',
    ],
    [
      'without a key',
      'stringData: {username: a}',
      'SecretKeyMissing: Secret "login" has no key "password"; it has "username" (b.yaml:1)',
    ],
    [
      'with an empty key',
      'stringData: {username: a, password: ""}',
      'SecretKeyMissing: Secret "login" has nothing under its key "password" (b.yaml:1)',
    ],
  ])('a Secret %s is said at the field that names it', (_, lines, says) => {
    const secret = lines.startsWith('type') ? login.replace(/type: .*/, lines) : login + lines;
    expect(problemsOf({ 'a.yaml': withLogin, 'b.yaml': `${secret}\n` })).toEqual([
      `a.yaml:7:5: error: SmtpRelay mail/corporate: spec.auth.secretRef: ${says}`,
    ]);
  });

  test('a trailing line break is a warning, and stringData wins over data', () => {
    const secret = `${login}data: {password: aA==, username: YQ==}\nstringData: {password: "hunter2\\n"}\n`;
    expect(problemsOf({ 'a.yaml': withLogin, 'b.yaml': secret })).toEqual([
      'a.yaml:7:5: warning: SmtpRelay mail/corporate: spec.auth.secretRef: TrailingLineBreak: The line break at the end of the key "password" of Secret "login" was left out; store the value without it (echo -n, or kubectl create secret) (b.yaml:1)',
    ]);
  });

  test('data that is no base64 is said at the Secret itself, without its value', () => {
    const problems = problemsOf({
      'a.yaml': withLogin,
      'b.yaml': `${login}data: {username: YQ==, password: hunter2}\n`,
    });
    expect(problems).toEqual([
      expect.stringMatching(/^b\.yaml:5:24: error: Secret mail\/login: data\.password: SecretValueInvalid: /),
    ]);
    expect(problems.join()).not.toContain('hunter2');
  });

  test('a CA Secret that holds a key, in base64', () => {
    const key = Buffer.from('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n').toString('base64');
    const secret = `apiVersion: v1\nkind: Secret\nmetadata: {name: ca, namespace: mail}\ndata: {ca.crt: ${key}}\n`;
    expect(problemsOf({ 'a.yaml': withCa, 'b.yaml': secret })).toEqual([
      expect.stringMatching(
        /spec\.tls\.caSecretRef: CertificateUnparsable: Secret "ca" key "ca\.crt" holds a private key, not a certificate/,
      ),
    ]);
  });

  test('a CA in a ConfigMap', () => {
    const spec = withCa.replace('caSecretRef', 'caConfigMapRef');
    const map = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ca', namespace: 'mail' } };
    const right = JSON.stringify({ ...map, data: { 'ca.crt': authority.certificatePem } });
    const wrong = JSON.stringify({ ...map, data: { 'ca.crt': 'see the wiki' } });
    expect(problemsOf({ 'a.yaml': spec, 'b.json': right })).toEqual([]);
    expect(problemsOf({ 'a.yaml': spec, 'b.json': wrong })).toEqual([
      expect.stringMatching(/CertificateUnparsable: ConfigMap "ca" key "ca\.crt" does not hold/),
    ]);
    expect(problemsOf({ 'a.yaml': spec })).toEqual([
      expect.stringMatching(/spec\.tls\.caConfigMapRef\.name: ConfigMapNotFound: ConfigMap "ca" is not in/),
    ]);
  });

  test('a policy with its relay, its fallback and its texts has nothing wrong', () => {
    const spec = withTexts.replace('spec:\n', 'spec:\n  fallbackRelayRefs: [{name: second, namespace: other}]\n');
    const open = relay.replace('corporate, namespace: mail', 'second, namespace: other');
    const files = {
      'a.yaml': relay,
      'b.yaml': `${open}  allowedNamespaces: {from: All}\n`,
      'c.yaml': spec,
      'd.yaml': `${texts}data: {text.de: Hallo}\n`,
    };
    expect(problemsOf(files)).toEqual([]);
    expect(validated(files)).toMatchObject({ resources: 4, relays: 2, policies: 1 });
  });

  test('the relay of a policy must be among the files, and let it send', () => {
    const place = 'b.yaml:5:14: error: NotificationPolicy mail/guests: spec.relayRef.name: RelayNotFound';
    const missing = 'SmtpRelay "corporate" is not in namespace "mail" of the given files';
    const elsewhere = relay.replace('namespace: mail', 'namespace: other');
    const across = policy.replace('{name: corporate}', '{name: corporate, namespace: other}');
    const label = (from: string) => `${elsewhere}  allowedNamespaces: {from: ${from}}\n`;
    expect(errorsOf({ 'b.yaml': policy })).toEqual([`${place}: ${missing}`]);
    expect(errorsOf({ 'b.yaml': policy }, { allowMissingReferences: true })).toEqual([]);
    expect(errorsOf({ 'a.yaml': elsewhere, 'b.yaml': policy })).toEqual([
      `${place}: ${missing}; there is one in namespace "other", but spec.relayRef.namespace does not name it`,
    ]);
    expect(errorsOf({ 'a.yaml': elsewhere, 'b.yaml': across })).toEqual([
      'b.yaml:5:3: error: NotificationPolicy mail/guests: spec.relayRef: ReferenceNotAllowed: SmtpRelay "corporate" lets no policy of namespace "mail" send: its spec.allowedNamespaces.from is Same (a.yaml:1)',
    ]);
    expect(errorsOf({ 'a.yaml': label('Selector, selector: {}'), 'b.yaml': across })).toEqual([]);
  });

  test('a password that no relay of the policy may take is said before anything is applied', () => {
    const plain = `${relay}  tls: {mode: None}\n`;
    const rule = (password: string) =>
      `${policy}  credentials: [{name: guest, selector: {}, password: ${password}, notify: {account: true}}]\n`;
    expect(problemsOf({ 'a.yaml': plain, 'b.yaml': rule('Include') })).toEqual([
      expect.stringMatching(
        /^b\.yaml:6:\d+: error: .*spec\.credentials\[0\]\.password: EncryptionRequired: Include mails/,
      ),
    ]);
    expect(problemsOf({ 'a.yaml': plain, 'b.yaml': rule('Omit') })).toEqual([]);
    expect(problemsOf({ 'a.yaml': relay, 'b.yaml': rule('SeparateMail') })).toEqual([]);
    expect(
      problemsOf({ 'a.yaml': `${plain}  sandbox: {redirectTo: all@example.com}\n`, 'b.yaml': rule('Include') }),
    ).toEqual([]);
    expect(problemsOf({ 'b.yaml': rule('Include') }, { allowMissingReferences: true })).toEqual([]);
  });

  test('a policy without any rule is warned of', () => {
    expect(problemsOf({ 'a.yaml': relay, 'b.yaml': policy })).toEqual([
      'b.yaml:4:1: warning: NotificationPolicy mail/guests: spec: CombinationInvalid: the policy has no rule and sends nothing; add credentials, reminders or alarms',
    ]);
  });

  test('the ConfigMap of a template must be there, with a text in it', () => {
    const place = 'b.yaml:7:60: error: NotificationPolicy mail/guests: spec.credentials[0].template.configMapRef';
    expect(problemsOf({ 'a.yaml': relay, 'b.yaml': withTexts })).toEqual([
      expect.stringMatching(/configMapRef\.name: ConfigMapNotFound: ConfigMap "texts" is not in namespace "mail"/),
    ]);
    expect(problemsOf({ 'a.yaml': relay, 'b.yaml': withTexts, 'c.yaml': `${texts}data: {body: Hi}\n` })).toEqual([
      `${place}: SecretKeyMissing: ConfigMap "texts" has none of the keys subject, text and html; it has "body" (c.yaml:1)`,
    ]);
  });

  test('an account that cannot be used is said at its Secret, without its password', () => {
    const account = `apiVersion: v1
kind: Secret
metadata: {name: anna, namespace: mail}
type: relaykeeper.dev/account
stringData: {username: anna, password: hunter2, email: anna}
`;
    expect(problemsOf({ 'a.yaml': account })).toEqual([
      'a.yaml:1:1: error: Secret mail/anna: SecretValueInvalid: Secret "anna" key "email" holds no e-mail address such as anna@example.com',
    ]);
    expect(problemsOf({ 'a.yaml': account.replace('email: anna', 'email: anna@example.com') })).toEqual([]);
  });

  test('two files that declare one name are both named', () => {
    expect(problemsOf({ 'a.yaml': `---\n${relay}`, 'b.yaml': `# again\n${relay}` })).toEqual([
      'b.yaml:4:12: error: SmtpRelay mail/corporate: metadata.name: SchemaInvalid: SmtpRelay mail/corporate is declared twice: here and at a.yaml:2; keep one of them',
    ]);
  });

  test('one name in two namespaces, or of two kinds, is no repetition', () => {
    const elsewhere = relay.replace('namespace: mail', 'namespace: other');
    const secret = login.replace('name: login', 'name: corporate');
    expect(problemsOf({ 'a.yaml': relay, 'b.yaml': elsewhere, 'c.yaml': secret })).toEqual([]);
  });

  test('a kind of our group that there is not, and one of another group', () => {
    const wrong = relay.replace('kind: SmtpRelay', 'kind: SmtpRelays');
    expect(problemsOf({ 'a.yaml': wrong })).toEqual([
      'a.yaml:2:1: error: SmtpRelays mail/corporate: kind: SchemaInvalid: there is no kind SmtpRelays in relaykeeper.dev/v1alpha1; did you mean SmtpRelay?',
    ]);
    expect(problemsOf({ 'a.yaml': relay.replace('relaykeeper.dev', 'example.com') })).toEqual([]);
    expect(problemsOf({ 'a.yaml': relay.replace('relaykeeper.dev/v1alpha1', 'v1') })).toEqual([
      expect.stringMatching(/apiVersion: SchemaInvalid/),
    ]);
  });

  test('other kinds are left alone, with what kubectl would read in them', () => {
    const validation = validated({ 'a.yaml': 'apiVersion: apps/v1\nkind: Deployment\non: yes\n', 'b.yaml': relay });
    expect(validation).toEqual({ resources: 1, relays: 1, policies: 0, problems: [] });
  });

  test('a broken document hides nothing of the others', () => {
    const text = `${relay}  port: 0\n---\na: [\n---\n${relay.replace('corporate', 'second')}  suspend: yes\n`;
    expect(problemsOf({ 'a.yaml': text })).toEqual([
      expect.stringMatching(/^a\.yaml:6:3: error: SmtpRelay mail\/corporate: spec\.port/),
      expect.stringMatching(/^a\.yaml:8:5: error: it is not valid YAML/),
      expect.stringMatching(
        /^a\.yaml:15:3: error: SmtpRelay mail\/second: spec\.suspend: SchemaInvalid: Invalid value: "string"/,
      ),
      expect.stringMatching(
        /^a\.yaml:15:12: warning: SmtpRelay mail\/second: spec\.suspend: kubectl reads yes as true/,
      ),
    ]);
  });
});

function validated(files: Readonly<Record<string, string>>, options: Partial<ValidationOptions> = {}) {
  const read = Object.entries(files).map(([name, text]) => readManifestText(name, text));
  return validateManifests(read, { namespace: 'default', allowMissingReferences: false, ...options });
}

function errorsOf(...given: Parameters<typeof problemsOf>): string[] {
  return problemsOf(...given).filter((problem) => !problem.includes(': warning: '));
}

function problemsOf(files: Readonly<Record<string, string>>, options?: Partial<ValidationOptions>): string[] {
  return validated(files, options).problems.map(({ file, position, severity, object, fieldPath, reason, message }) => {
    const place = `${file}:${position?.line}:${position?.column}`;
    return [place, severity, object, fieldPath, reason, message].filter((part) => part).join(': ');
  });
}
