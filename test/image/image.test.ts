// The program as the image would run it: as its user, in a file system with nothing but the files of the image.
import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { parseAst } from 'rolldown/parseAst';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { isObject } from '../../src/api/json.ts';
import { plain, startServer } from '../relays/servers.ts';
import { eventually } from '../store/eventually.ts';
import { type BuiltImage, buildImage } from './built-image.ts';
import { canEnter, startInImage } from './in-image.ts';

const buildArguments = { RELAYKEEPER_COMMIT: 'c0ffee', SOURCE_DATE_EPOCH: '1700000000' };
let image: BuiltImage;
beforeAll(async () => {
  image = await buildImage(buildArguments);
}, 180_000);
afterAll(() => image.remove());

const files = async (directory: string) =>
  (await readdir(join(image.root, directory), { recursive: true, withFileTypes: true })).filter((one) => one.isFile());

test('it holds the program, its documents and Node, in less than 10 MiB beside Node', async () => {
  const all = (await files('app')).map(({ parentPath, name }) => join(parentPath, name));
  const names = all.map((path) => path.slice(image.root.length));
  expect(names.filter((name) => !/^\/app\/dist\/[\w-]+\.js$/.test(name)).sort()).toEqual([
    '/app/LICENSE',
    '/app/THIRD-PARTY-LICENSES',
    '/app/package.json',
    '/app/sbom.cdx.json',
  ]);
  const sizes = await Promise.all(all.map(async (path) => (await stat(path)).size));
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(10 * 1024 ** 2);
});

test('the program imports nothing but itself and what Node has built in', async () => {
  const outside: string[] = [];
  for (const { parentPath, name } of await files('app/dist')) {
    const targets = importsIn(parseAst(await readFile(join(parentPath, name), 'utf8')));
    expect(targets.length, name).toBeGreaterThan(name === 'main.js' ? 0 : -1);
    outside.push(...targets.filter((target) => !target.startsWith('./') && !isBuiltin(target)));
  }
  expect(outside).toEqual([]);
});

test('two builds are the same, byte for byte', async () => {
  const other = await buildImage(buildArguments);
  try {
    for (const { parentPath, name } of await files('app')) {
      const path = join(parentPath, name).slice(image.root.length);
      const same = (await readFile(join(image.root, path))).equals(await readFile(join(other.root, path)));
      expect(same, path).toBe(true);
    }
  } finally {
    await other.remove();
  }
}, 180_000);

describe.skipIf(!canEnter)('in its own file system', () => {
  test('it says its version and the commit that it was built from', async () => {
    const { code, stdout, stderr } = await startInImage(image, ['version']).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`relaykeeper ${manifest.version} (commit c0ffee)`);
  });

  test('without arguments it explains itself', async () => {
    const dockerfile = await readFile(join(import.meta.dirname, '../../Dockerfile'), 'utf8');
    const args = JSON.parse(/^CMD (.*)$/m.exec(dockerfile)?.[1] ?? '[]');
    const { code, stdout } = await startInImage(image, args).ended;
    expect(code).toBe(0);
    expect(stdout).toContain('Usage: relaykeeper');
  });

  test('it cannot change its own files', async () => {
    const { mode, uid } = await stat(join(image.root, 'app/dist/main.js'));
    expect(uid).not.toBe(image.user);
    expect(mode & 0o022).toBe(0);
  });

  test('it runs on a directory of manifests and probes a server, until it is told to stop', async () => {
    const server = await startServer();
    const relay = {
      apiVersion: 'relaykeeper.dev/v1alpha1',
      kind: 'SmtpRelay',
      metadata: { name: 'good', namespace: 'mail' },
      spec: plain(server.port),
    };
    await mkdir(join(image.root, 'manifests'));
    await writeFile(join(image.root, 'manifests/relay.yaml'), JSON.stringify(relay));
    // As a volume is given to the user.
    await mkdir(join(image.root, 'state'));
    await chmod(join(image.root, 'state'), 0o777);
    const args = ['--directory', '/manifests', '--state', '/state'];
    const once = await startInImage(image, ['run', ...args, '--once']).ended;
    expect(once.stderr).toBe('');
    expect(once.stdout).toMatch(/^good .* True +Succeeded/m);
    expect(once.code).toBe(0);

    const running = startInImage(image, ['run', ...args]);
    await eventually('it runs', () => running.stdout().includes('good'));
    const doctor = await startInImage(image, ['doctor', ...args]).ended;
    // Of names this file system knows nothing: a pod is given its resolv.conf.
    expect(doctor.stdout.split('\n').filter((line) => /^[✗!]/.test(line) && !line.startsWith('✗ DNS: '))).toEqual([]);
    expect(doctor.stdout).toMatch(/^✓ lock: Process \d+ on .* runs the operator\.$/m);
    running.signal('SIGTERM');
    expect((await running.ended).code).toBe(0);
  }, 60_000);
});

/** Static and dynamic ones, and what is required by a name that stands there. */
function importsIn(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(importsIn);
  if (!isObject(node)) return [];
  const isImport = /^(Import|Export)(Named|All)?(Declaration|Expression)$/.test(String(node.type));
  const isRequire = node.type === 'CallExpression' && isObject(node.callee) && node.callee.name === '__require';
  const [required] = isRequire && Array.isArray(node.arguments) ? node.arguments : [];
  const source = isImport ? node.source : required;
  const found = isObject(source) && typeof source.value === 'string' ? [source.value] : [];
  return [...found, ...Object.values(node).flatMap(importsIn)];
}
