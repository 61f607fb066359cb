// Tells the URL of spec.lastResort when no relay of a policy works while its alarm mails wait, and when one does again:
// mail cannot report its own death. Once an outage and once at its end, as the journal remembers; repeated while it fails.
import { timestamp } from '../../api/conditions.ts';
import { type Key, keyFromText, keyText } from '../../api/resource.ts';
import { postJson } from '../../smtp/network/post-json.ts';
import { chainKeys } from '../delivery-relays.ts';
import { lastResortKey } from './alarm-journal.ts';
import type { AlarmTerm } from './alarm-term.ts';
import type { AlarmTools } from './alarm-tools.ts';
import { type OutageNews, outageNews, parseOutage } from './outage.ts';
import { secretText } from './secret-text.ts';

export interface LastResort {
  /** Milliseconds after which to look again; Infinity with nothing to wait for. */
  look(term: AlarmTerm): Promise<number>;
}

type Told = Exclude<OutageNews, { kind: 'none' }>;

/** While mails wait. */
const lookAgain = 5_000;
const [firstRetry, longestRetry] = [5_000, 300_000];
const timeout = 10_000;

export function createLastResort(tools: AlarmTools, signal: AbortSignal): LastResort {
  const underWay = new Set<string>();
  /** By the monotonic clock: one on a wall that is set back must not keep the last resort silent. */
  const retries = new Map<string, { readonly at: number; readonly wait: number }>();

  async function lookAt(policy: Key, term: AlarmTerm): Promise<number> {
    const id = keyText(policy);
    const spec = tools.specs(policy);
    if (typeof spec !== 'object' || !spec.lastResort || underWay.has(id)) return Number.POSITIVE_INFINITY;
    const now = tools.clock.now();
    const told = parseOutage(term.lastResort.get(id));
    const waitsSince = await oldestAlarm(policy, tools);
    const news = outageNews({ told, works: chainKeys(spec, policy).some(works), waitsSince, now });
    const retryAt = retries.get(id)?.at ?? Number.NEGATIVE_INFINITY;
    if (news.kind !== 'none' && tools.clock.monotonic() >= retryAt) {
      underWay.add(id);
      void tell(policy, news, term)
        .catch((error: unknown) => bug(id, error))
        .finally(() => underWay.delete(id));
    }
    return news.kind === 'none' && waitsSince === undefined && !told ? Number.POSITIVE_INFINITY : lookAgain;
  }

  function works(key: Key): boolean {
    const known = tools.book.find(key);
    const ready = known?.stored.status?.conditions?.find(({ type }) => type === 'Ready');
    return known !== undefined && !known.relay.spec.suspend && ready?.status !== 'False' && !tools.isDown(key);
  }

  async function tell(policy: Key, news: Told, term: AlarmTerm): Promise<void> {
    const failure = await post(policy, news);
    const id = keyText(policy);
    tools.alarms.meter?.lastResort(policy, failure === undefined ? 'told' : 'failed');
    if (failure !== undefined) {
      rest(id);
      tools.log.error({ policy: id }, `the last resort could not be told: ${failure}`);
      return;
    }
    retries.delete(id);
    remember(term, id, news.kind === 'begins' ? JSON.stringify({ since: news.since }) : undefined);
    await record(policy, news);
    tools.wake();
  }

  function bug(id: string, error: unknown): void {
    rest(id);
    const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
    tools.log.error({ policy: id, error: why }, 'a bug stopped the telling of the last resort');
  }

  function rest(id: string): void {
    const wait = Math.min(longestRetry, (retries.get(id)?.wait ?? firstRetry / 2) * 2);
    retries.set(id, { at: tools.clock.monotonic() + wait, wait });
  }

  function remember(term: AlarmTerm, id: string, text: string | undefined): void {
    if (text === undefined) term.lastResort.delete(id);
    else term.lastResort.set(id, text);
    term.unwritten.set(lastResortKey(id), text);
    term.tidyAt = tools.clock.monotonic();
  }

  /** Of a policy that is gone, or has no last resort any more: should it come back, that is another outage. */
  function forgetGone(term: AlarmTerm): void {
    for (const id of [...term.lastResort.keys()]) {
      const spec = tools.specs(keyFromText(id));
      if (spec === 'gone' || (spec !== 'unreadable' && !spec.lastResort)) remember(term, id, undefined);
    }
  }

  /** Why it failed, without the URL. */
  async function post(policy: Key, news: Told): Promise<string | undefined> {
    const spec = tools.specs(policy);
    const ref = typeof spec === 'object' ? spec.lastResort?.webhookSecretRef : undefined;
    if (!ref) return 'spec.lastResort is gone';
    const fieldPath = 'spec.lastResort.webhookSecretRef';
    const url = await secretText({ namespace: policy.namespace, ...ref, fieldPath }, tools.relays);
    if (url.kind !== 'text') return url.kind === 'unusable' ? url.violation.message : url.message;
    const waiting = tools.outbox.waiting(policy);
    const count = [...waiting].reduce((sum, [rule, some]) => (rule.startsWith('Alarm/') ? sum + some : sum), 0);
    const posted = await postJson(url.text, lastResortDocument(policy, news, count), {
      addressRule: tools.settings,
      ...{ signal, timeout },
    });
    return posted.kind === 'posted' ? undefined : `The URL in Secret "${ref.name}" ${posted.what}`;
  }

  async function record(policy: Key, news: Told): Promise<void> {
    const regarding = tools.store.getPolicy(policy);
    const note = sentence(policy, news);
    tools.log.warn({ policy: keyText(policy) }, `the last resort was told: ${note}`);
    const type = news.kind === 'begins' ? 'Warning' : 'Normal';
    const event = { type, reason: 'LastResortTold', action: 'TellLastResort', note } as const;
    if (regarding) await tools.store.recordPolicyEvent({ regarding, ...event });
  }

  return {
    async look(term) {
      forgetGone(term);
      const told = [...term.lastResort.keys()].map(keyFromText);
      const running = [...term.rules.values()].map(({ policy }) => policy);
      const policies = new Map([...told, ...running].map((policy) => [keyText(policy), policy]));
      let wait = Number.POSITIVE_INFINITY;
      for (const policy of policies.values()) wait = Math.min(wait, await lookAt(policy, term));
      return wait;
    },
  };
}

/** `text` is what Slack, Mattermost and Teams show of it. */
function lastResortDocument({ namespace, name }: Key, news: Told, waiting: number): object {
  return {
    version: '1',
    status: news.kind === 'begins' ? 'firing' : 'resolved',
    policy: { namespace, name },
    since: new Date(news.since).toISOString(),
    waiting,
    text: sentence({ namespace, name }, news),
  };
}

function sentence(policy: Key, { kind, since }: Told): string {
  const when = timestamp(since);
  return kind === 'begins'
    ? `Relaykeeper cannot send alarm mails of policy ${keyText(policy)}: no relay of it works, and mails wait since ${when}.`
    : `Relaykeeper can send alarm mails of policy ${keyText(policy)} again; they had waited since ${when}.`;
}

async function oldestAlarm(policy: Key, { outbox }: AlarmTools): Promise<number | undefined> {
  if (![...outbox.waiting(policy)].some(([rule, count]) => rule.startsWith('Alarm/') && count > 0)) return undefined;
  const waiting = (await outbox.list()).filter(
    ({ identity, state }) =>
      identity.ruleKind === 'Alarm' && state !== 'Dead' && keyText(identity.policy) === keyText(policy),
  );
  return waiting.length === 0 ? undefined : Math.min(...waiting.map(({ acceptedAt }) => acceptedAt));
}
