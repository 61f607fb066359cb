// Holds the house to its plan: arrows go one way, and one room alone talks to each outside library.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../src/', import.meta.url));

/** Room → rooms that it may import (docs/architecture.md). */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  api: [],
  smtp: ['api'],
  store: ['api'],
  mail: ['api', 'smtp', 'store'],
  relays: ['api', 'smtp', 'store'],
  credentials: ['api', 'mail'],
  reminders: ['api', 'mail'],
  alarms: ['api', 'mail'],
  policies: ['api', 'smtp', 'store', 'mail', 'relays', 'credentials', 'reminders', 'alarms'],
  server: ['api', 'smtp', 'store', 'mail', 'relays', 'credentials', 'reminders', 'alarms', 'policies'],
  cli: ['api', 'smtp', 'store', 'mail', 'relays', 'credentials', 'reminders', 'alarms', 'policies', 'server'],
};

/** Outside library → the one place that imports it. */
const onlyIn: Readonly<Record<string, string>> = {
  '@kubernetes/client-node': 'store/kubernetes/',
  nodemailer: 'mail/',
  liquidjs: 'mail/',
  'html-to-text': 'mail/',
  ajv: 'api/',
  cron: 'api/schedule/',
  re2js: 'api/',
  'js-yaml': '',
  '@marcbachmann/cel-js': 'api/',
  commander: 'cli/',
  pino: 'cli/',
  'prom-client': 'server/',
};

const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const imports = files.flatMap((file) => importsOf(file).map((target) => ({ file, target })));

test('every room of src is in the plan', () => {
  const rooms = new Set(files.map(roomOf));
  expect([...rooms].filter((room) => !Object.hasOwn(mayImport, room))).toEqual([]);
});

test('imports between rooms go up the table only', () => {
  const wrong = imports.flatMap(({ file, target }) => {
    if (!target.startsWith('.')) return [];
    const path = relative(root, resolve(root, dirname(file), target));
    const [from, to] = [roomOf(file), roomOf(path)];
    const outside = path.startsWith('..');
    return outside || from === to || mayImport[from]?.includes(to) ? [] : [`${file} imports ${path}`];
  });
  expect(wrong).toEqual([]);
});

test('rooms know the port of the store, not its adapters', () => {
  const wrong = imports.filter(
    ({ file, target }) => /store\/(kubernetes|directory)\//.test(target) && !['store', 'cli'].includes(roomOf(file)),
  );
  expect(wrong).toEqual([]);
});

test('one room alone talks to each outside library', () => {
  const wrong = imports.filter(({ file, target }) => {
    if (target.startsWith('.') || target.startsWith('node:')) return false;
    const home = Object.entries(onlyIn).find(([library]) => target === library || target.startsWith(`${library}/`));
    return home === undefined || !file.startsWith(home[1]);
  });
  expect(wrong).toEqual([]);
});

function importsOf(file: string): string[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/^(?:import|export)\s[^;']*from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm);
  return [...found].flatMap(([, ...targets]) => targets.filter((target) => target !== undefined));
}

function roomOf(file: string): string {
  return file.split('/')[0] ?? file;
}
