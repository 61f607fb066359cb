// What of a notice is about which namespace: its owner is told of nobody else's alarms. Pure.
import type { DigestNotice, HeldBackNotice, Notice, NoticeAlarm } from '../../alarms/notice.ts';

/** By namespace. A group is about one (`alarmTerms`), what is about none has no owner. */
export function namespaceNotices(notice: Notice): ReadonlyMap<string, Notice> {
  switch (notice.kind) {
    case 'Group': {
      const { namespace } = notice.groupLabels;
      return new Map(namespace ? [[namespace, notice]] : []);
    }
    case 'Digest':
      return new Map(
        namespacesOf([...notice.stillFiringAlarms, ...notice.cameAndWentAlarms].map(({ labels }) => labels)).map(
          (namespace) => [namespace, digestOf(notice, namespace)],
        ),
      );
    case 'HeldBack':
      return new Map(
        namespacesOf(notice.groups.map(({ groupLabels }) => groupLabels)).map((namespace) => [
          namespace,
          heldBackOf(notice, namespace),
        ]),
      );
  }
}

/** Whether some of it is in no namespace's part: a notice holds so many rows at most. */
export function isCut(notice: Notice): boolean {
  if (notice.kind !== 'Digest') return false;
  const { stillFiring, cameAndWent, stillFiringAlarms, cameAndWentAlarms } = notice;
  return stillFiring + cameAndWent > stillFiringAlarms.length + cameAndWentAlarms.length;
}

type Labels = Readonly<Record<string, string>>;

function namespacesOf(all: readonly Labels[]): string[] {
  return [...new Set(all.flatMap(({ namespace }) => namespace || []))];
}

function digestOf(notice: DigestNotice, namespace: string): DigestNotice {
  const isOwn = ({ labels }: NoticeAlarm) => labels.namespace === namespace;
  const stillFiringAlarms = notice.stillFiringAlarms.filter(isOwn);
  const cameAndWentAlarms = notice.cameAndWentAlarms.filter(isOwn);
  return {
    ...notice,
    stillFiring: stillFiringAlarms.length,
    cameAndWent: cameAndWentAlarms.length,
    ...{ stillFiringAlarms, cameAndWentAlarms },
  };
}

function heldBackOf(notice: HeldBackNotice, namespace: string): HeldBackNotice {
  const groups = notice.groups.filter(({ groupLabels }) => groupLabels.namespace === namespace);
  return { ...notice, groups, heldBack: groups.reduce((sum, { heldBack }) => sum + heldBack, 0) };
}
