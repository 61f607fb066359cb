// What the webhook has to tell, in the log: whoever sends without end must not fill it.
import type { Log } from '../relays/relay-deps.ts';
import type { WebhookNews } from '../server/webhook-deps.ts';
import type { Clock } from '../store/clock.ts';

/** The first refusal of a kind is told at once, those that follow within a minute are counted in the next. */
export function createWebhookTeller(log: Log, { monotonic }: Pick<Clock, 'monotonic'>): (news: WebhookNews) => void {
  const quiet = new Map<string, { readonly until: number; count: number }>();

  function seldom(kind: string, tell: (more: number) => void): void {
    const known = quiet.get(kind);
    if (known && monotonic() < known.until) {
      known.count += 1;
      return;
    }
    if (quiet.size >= mostKinds) quiet.clear();
    quiet.set(kind, { until: monotonic() + minute, count: 0 });
    tell(known?.count ?? 0);
  }

  return (news) => {
    switch (news.kind) {
      case 'answered': {
        const { status, path, from, message } = news;
        if (status < 400) return;
        const rule = path && ruleOf(path);
        return seldom(`${status} ${rule ?? ''}`, (more) =>
          log.warn(
            { status, from, ...(rule && { rule }), ...(more && { more }) },
            `the webhook answered ${from} with ${status}: ${message ?? ''}`,
          ),
        );
      }
      case 'tokenMissing':
        return seldom(`token ${ruleOf(news.path)}`, () =>
          log.error(
            { rule: ruleOf(news.path) },
            `the webhook lets nobody in for ${ruleOf(news.path)}: ${news.message}`,
          ),
        );
      case 'certificate':
        return news.problem === undefined
          ? log.info({}, 'the webhook has a new certificate')
          : log.error({}, `the webhook's certificate: ${news.problem}`);
      case 'fault':
        return seldom('fault', () => log.error({}, news.message));
    }
  };
}

/** Between who tells and who hears, where the one is there before the other; what comes before is lost. */
export function createWebhookNews() {
  let hear = (_news: WebhookNews) => {};
  return {
    tell: (news: WebhookNews) => hear(news),
    to: (listener: (news: WebhookNews) => void) => {
      hear = listener;
    },
  };
}

const minute = 60_000;
const mostKinds = 1_000;

function ruleOf({ namespace, policy, alarm }: { namespace: string; policy: string; alarm: string }): string {
  return `${namespace}/${policy}/${alarm}`;
}
