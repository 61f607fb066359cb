// docs/install.md: what it sets is there, and the commands that it shows are ones that helm takes.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { documentedValues } from '../../scripts/chart/documented-values.ts';
import { chart, describeWithHelm, helm, root } from './helm.ts';

const page = await readFile(join(root, 'docs', 'install.md'), 'utf8');
const values = documentedValues(await readFile(join(chart, 'values.yaml'), 'utf8')).map(({ path }) => path.join('.'));
const groups = new Set(values.map((path) => path.split('.')[0]));

/** Such as `metrics.rules.enabled`, in backquotes, of a group that values.yaml has. */
const named = [...page.matchAll(/`([a-z]\w*(?:\.\w+)+)(?:: \w+)?`/g)]
  .map(([, path = '']) => path)
  .filter((path) => groups.has(path.split('.')[0]));

test.each([...new Set(named)])('%s is a value', (path) => {
  expect(values.filter((value) => value === path || value.startsWith(`${path}.`))).not.toEqual([]);
});

describeWithHelm('its values', () => {
  const settings = [...page.matchAll(/--set (\S+?)[`\s]/g)].map(([, setting = '']) => setting);

  test.each(settings)('%s are taken', async (setting) => {
    expect(await helm(['template', 'relaykeeper', chart, '--set', setting])).toMatchObject({ code: 0, stderr: '' });
  });

  test('are shown', () => {
    expect(settings.length).toBeGreaterThan(2);
    expect(named.length).toBeGreaterThan(8);
  });
});
