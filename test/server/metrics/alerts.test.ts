// The alert rules and the dashboard of the chart: about metrics that exist, with a runbook each, as Prometheus reads them.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import { beforeAll, describe, expect, test } from 'vitest';
import { writeFile } from '../../store/directory/opened-store.ts';
import { temporaryDirectory } from '../../store/directory/temporary-directory.ts';
import { type Exposed, exposedMetrics, namesIn } from './exposed.ts';
import { openPromtool, type Promtool } from './promtool.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const rulesFile = `${root}charts/relaykeeper/files/alerts.yaml`;
const read = (path: string) => readFileSync(path, 'utf8');

interface Alert {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

const { groups } = load(read(rulesFile)) as { groups: { rules: Alert[] }[] };
const alerts = groups.flatMap(({ rules }) => rules);
const { panels } = JSON.parse(read(`${root}charts/relaykeeper/files/dashboard.json`)) as { panels: Panel[] };
const shown = panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));

let exposed: readonly Exposed[];
let promtool: Promtool | undefined;
beforeAll(async () => {
  exposed = await exposedMetrics();
  promtool = await openPromtool();
}, 300_000);

function unknownIn(expressions: readonly string[]): readonly string[] {
  return expressions
    .flatMap((expression) => namesIn(expression, exposed))
    .filter((name) => !exposed.some((one) => one.name === name));
}

describe('the alerts', () => {
  test('are about metrics that exist', () => {
    expect(alerts.length).toBeGreaterThan(10);
    expect(unknownIn(alerts.map(({ expr }) => expr))).toEqual([]);
    for (const { alert, expr } of alerts) expect(namesIn(expr, exposed), alert).not.toEqual([]);
  });

  test('have a runbook each, and each runbook an alert', () => {
    const urls = alerts.map(({ annotations }) => annotations.runbook_url);
    expect(urls).toEqual(alerts.map(({ alert }) => `https://relaykeeper.dev/docs/runbooks/${alert}.md`));
    const pages = readdirSync(`${root}docs/runbooks`);
    expect(pages.sort()).toEqual(alerts.map(({ alert }) => `${alert}.md`).sort());
    for (const page of pages) {
      const text = read(`${root}docs/runbooks/${page}`);
      expect(text, page).toMatch(
        new RegExp(`^# ${page.replace('.md', '')}\n\n.*\n(?:.*\n)*## Look\n(?:.*\n)*## Mend\n`),
      );
      expect(unknownIn([text]), page).toEqual([]);
    }
  });

  test('say how bad it is, in a sentence and with what to look at', () => {
    for (const { alert, labels, annotations } of alerts) {
      expect(['critical', 'warning'], alert).toContain(labels.severity);
      expect(annotations.summary, alert).toMatch(/^[A-Z]/);
      expect(annotations.description, alert).toMatch(/[.]$/);
    }
  });

  test('stand in docs/metrics.md with their times, and no other does', () => {
    const page = read(`${root}docs/metrics.md`);
    const rows = page.match(/^\| \[\w+\]\(runbooks\/.*$/gm);
    expect(rows).toEqual(
      alerts.map(
        ({ alert, labels, ...rule }) =>
          `| [${alert}](runbooks/${alert}.md) | ${rule.for ?? 'at once'} | ${labels.severity} |`,
      ),
    );
  });

  test('are what promtool reads, and fire when they should and not else', async ({ skip }) => {
    if (!promtool) return skip();
    const check = await promtool.run(['check', 'rules', rulesFile]);
    expect(check, check.output).toMatchObject({ code: 0 });
    const made = read(fileURLToPath(new URL('alerts.test.yaml', import.meta.url))).replace('RULES', rulesFile);
    const tested = await promtool.run(['test', 'rules', writeFile(temporaryDirectory(), 'test.yaml', made)]);
    expect(tested, tested.output).toMatchObject({ code: 0 });
  });
});

describe('the dashboard', () => {
  test('shows metrics that exist, and every one of Relaykeeper', () => {
    expect(unknownIn(shown.map(({ expr }) => expr))).toEqual([]);
    const named = new Set(shown.flatMap(({ expr }) => namesIn(expr, exposed)));
    const own = exposed.map(({ name }) => name).filter((name) => name.startsWith('relaykeeper_'));
    expect(own.filter((name) => !named.has(name))).toEqual([]);
  });

  test('asks in PromQL that promtool reads', async ({ skip }) => {
    if (!promtool) return skip();
    const rules = shown.map(({ expr }, index) => ({
      record: `shown:${index}`,
      expr: expr.replace('$__rate_interval', '5m'),
    }));
    const file = writeFile(temporaryDirectory(), 'rules.yaml', JSON.stringify({ groups: [{ name: 'shown', rules }] }));
    const check = await promtool.run(['check', 'rules', file]);
    expect(check, check.output).toMatchObject({ code: 0 });
  });
});
