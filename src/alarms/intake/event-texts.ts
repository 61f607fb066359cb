// What an Event says, as labels and annotations of its alarm.
import type { Labels } from '../../api/label-matcher.ts';
import type { SeenEvent } from './event-watch.ts';
import { cut, longestAnnotation, longestLabel, oneLine, severalLines } from './safe-text.ts';

/** Of an object without a namespace, such as a Node, there is no label namespace. */
export function eventLabels({ type, reason, regarding, reportingController }: SeenEvent): Labels {
  return presentLabels({
    alertname: reason,
    reason,
    namespace: regarding.namespace,
    kind: regarding.kind,
    name: regarding.name,
    severity: type === 'Warning' ? 'warning' : 'info',
    controller: reportingController,
  });
}

const longestSummary = 300;

export function eventAnnotations({ note, regarding }: SeenEvent): Labels {
  const description = cut(severalLines(note), longestAnnotation);
  const summary = cut(oneLine(`${regarding.kind} ${regarding.name}: ${note}`), longestSummary);
  return description === '' ? { summary } : { summary, description };
}

/** Labels of one line each; an empty one is none. */
export function presentLabels(texts: Readonly<Record<string, string | undefined>>): Labels {
  const made = Object.entries(texts).map(([name, text]) => [name, cut(oneLine(text ?? ''), longestLabel)] as const);
  return Object.fromEntries(made.filter(([, text]) => text !== ''));
}
