// For `--follow`: a line for each group of which something changed, and for each that ended.
import type { AlarmGroupView } from '../../alarms/alarm-book.ts';
import { timestamp } from '../../api/conditions.ts';
import type { AlarmsFlags } from './alarms-command.ts';
import { groupJson, ruleText, waitText } from './groups-text.ts';
import { labelsText } from './labels-text.ts';
import type { RuleView } from './rule-views.ts';

export interface GroupLines {
  /** Without line breaks, for what differs from the last call. */
  changes(views: readonly RuleView[], now: string): readonly string[];
}

interface Shown {
  readonly rule: string;
  readonly group: AlarmGroupView;
}

export function createGroupLines(output: AlarmsFlags['output']): GroupLines {
  let told = new Map<string, Shown>();
  const lineOf = output === 'json' ? jsonLine : textLine;
  return {
    changes(views, now) {
      const before = told;
      told = new Map(
        views.flatMap((one) =>
          one.view.groups.map((group) => [`${ruleText(one)} ${group.group}`, { rule: ruleText(one), group }] as const),
        ),
      );
      const changed = [...told].filter(([id, { group }]) => said(group) !== said(before.get(id)?.group));
      const ended = [...before].filter(([id]) => !told.has(id));
      return [
        ...changed.map(([, shown]) => lineOf(shown, now, said(shown.group) ?? '')),
        ...ended.map(([, shown]) => lineOf(shown, now, undefined)),
      ];
    },
  };
}

/** What it waits for is said with it, and is no change by itself. */
function said(group: AlarmGroupView | undefined): string | undefined {
  if (!group) return undefined;
  const { firing, resolved, lastTold } = group;
  const counts = [firing > 0 ? `${firing} firing` : '', resolved > 0 ? `${resolved} resolved` : ''];
  const told = lastTold === undefined ? 'not told yet' : `told ${timestamp(lastTold)}`;
  return [...counts.filter((text) => text !== ''), told].join(', ');
}

function textLine({ rule, group }: Shown, now: string, statement: string | undefined): string {
  const waits = group.waits.map(waitText).join(', ');
  const labels = labelsText(group.labels) || '(all)';
  if (statement === undefined) return `${now} ${rule} ${labels}: ended`;
  return `${now} ${rule} ${labels}: ${statement}${waits === '' ? '' : `; ${waits}`}`;
}

function jsonLine({ rule, group }: Shown, now: string, statement: string | undefined): string {
  return JSON.stringify({ time: now, rule, ended: statement === undefined, ...groupJson(group) });
}
