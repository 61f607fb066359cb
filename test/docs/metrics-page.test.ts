// docs/metrics.md and the metrics that there are, both ways.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exposedMetrics } from '../server/metrics/exposed.ts';

const page = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');

test('every metric stands in the page as it is, and no other does', async () => {
  const rows = page.match(/^\| `(?:relaykeeper|process|nodejs)_.*$/gm);
  const expected = (await exposedMetrics()).map(({ name, type, labels, help }) => {
    return `| \`${name}\` | ${type} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`;
  });
  expect([...(rows ?? [])].sort()).toEqual(expected.sort());
});

test('the text names no metric that there is not', async () => {
  const names = new Set((await exposedMetrics()).map(({ name }) => name));
  const told = [...page.matchAll(/`(relaykeeper_\w+\*?)/g)].map(([, name = '']) => name);
  const unknown = told.filter((name) =>
    name.endsWith('*') ? ![...names].some((one) => one.startsWith(name.slice(0, -1))) : !names.has(name),
  );
  expect(unknown).toEqual([]);
});
