// The operator without a cluster: watches a directory of manifests, shows relays and policies, sends the policies' mail,
// writes statuses as YAML.

import { join } from 'node:path';
import { errorText } from '../api/error-text.ts';
import type { AlarmDeps } from '../policies/alarms/alarm-deps.ts';
import type { PolicyDeps } from '../policies/policy-deps.ts';
import { type PolicyRun, runPolicies } from '../policies/run-policies.ts';
import { createLoginGuard } from '../relays/login-guard.ts';
import type { OperatorSettings } from '../relays/operator-settings.ts';
import type { Log, RelayDeps } from '../relays/relay-deps.ts';
import { type RelayRun, runRelays } from '../relays/run-relays.ts';
import { systemTimer } from '../relays/timer.ts';
import { probe } from '../smtp/probe.ts';
import { systemClock } from '../store/clock.ts';
import { createDirectoryStore } from '../store/directory/directory-store.ts';
import type { DirectoryStore } from '../store/directory/open-store.ts';
import { openDirectoryAlarms } from './directory-alarms.ts';
import { openDirectoryMail } from './directory-mail.ts';
import { createDirectoryView, type DirectoryView } from './directory-view.ts';
import { httpListenOf } from './health-flags.ts';
import { type Instruments, openInstruments } from './instruments.ts';
import { exitCodes, type Io, UnusableArgument } from './io.ts';
import type { RunFlags } from './run-command.ts';
import { settingsOf, tokenSourceFor } from './settings.ts';
import { shutdownGrace } from './shutdown.ts';
import { openWebhook, type Webhook } from './webhook.ts';
import { webhookListenOf } from './webhook-flags.ts';
import { createWebhookNews, createWebhookTeller } from './webhook-teller.ts';

export type DirectoryFlags = RunFlags & {
  readonly directory: string;
  /** Shown above the relays; no flag, but what a caller such as the demo has to say. */
  readonly heading?: string;
  /** Called once all that was due at the start is done; with --once the run ends some time after this resolves. */
  readonly onStarted?: (line: (text: string) => void) => Promise<void>;
};

/** Runs until the signal aborts, or with --once until every relay was probed and what was due is sent. Gives the exit code. */
export async function runDirectory(flags: DirectoryFlags, io: Io, signal: AbortSignal): Promise<number> {
  // Before anything is opened: a flag may be unusable.
  const settings = await settingsOf(flags, []);
  const listen = webhookListenOf(flags);
  if (listen && flags.once) throw new UnusableArgument('--webhook-listen goes without --once');
  const listenHttp = httpListenOf(flags, io.env);
  if (listenHttp && flags.once) throw new UnusableArgument('--http-listen goes without --once');
  const instruments = await openInstruments(listenHttp, (message) => io.stderr.write(`error: ${message}\n`));
  signal.addEventListener('abort', instruments.health.stopping, { once: true });
  const news = createWebhookNews();
  let webhook: Webhook | undefined;
  try {
    webhook = listen && (await openWebhook(listen, news.tell));
    return await runWith({ flags, settings, webhook, news, instruments }, io, signal);
  } finally {
    await webhook?.close();
    await instruments.close();
  }
}

interface Opened {
  readonly flags: DirectoryFlags;
  readonly settings: OperatorSettings;
  readonly webhook: Webhook | undefined;
  readonly news: ReturnType<typeof createWebhookNews>;
  readonly instruments: Instruments;
}

async function runWith(
  { flags, settings, webhook, news, instruments }: Opened,
  io: Io,
  signal: AbortSignal,
): Promise<number> {
  const store = await openStore(flags);
  const view = countedView(
    createDirectoryView({ store, flags, io, heading: flags.heading, now: Date.now }),
    instruments,
  );
  const tell = createWebhookTeller(shownLog(view), systemClock);
  news.to((told) => {
    tell(told);
    instruments.metrics?.webhook(told);
  });
  const stop = new AbortController();
  const operator = await start(
    { flags, settings, store, view, webhook, instruments },
    AbortSignal.any([signal, stop.signal]),
  );
  const settled = () => Promise.race([operator.settled(), operator.ended]);
  if (flags.once || flags.onStarted) await settled();
  await flags.onStarted?.(view.line);
  if (flags.once) {
    await settled();
    stop.abort();
  }
  await operator.ended;
  await operator.close();
  view.close();
  return flags.once ? view.exitCode() : exitCodes.succeeded;
}

interface Parts {
  readonly flags: DirectoryFlags;
  readonly settings: OperatorSettings;
  readonly store: DirectoryStore;
  readonly view: DirectoryView;
  readonly webhook: Webhook | undefined;
  readonly instruments: Instruments;
}

interface Running {
  readonly settled: () => Promise<void>;
  readonly ended: Promise<void>;
  readonly close: () => Promise<void>;
}

async function start(
  { flags, settings, store, view, webhook, instruments }: Parts,
  signal: AbortSignal,
): Promise<Running> {
  const { health, metrics, url } = instruments;
  if (url !== undefined) view.line(`Health and metrics are served at ${url}`);
  health.awaits('outbox', 'The outbox is not open yet.');
  health.awaits('manifests', 'The manifests are not read yet.');
  health.started();
  const mail = await openDirectoryMail({
    stateDirectory: stateOf(flags),
    clock: systemClock,
    random: Math.random,
    problem: view.onProblem,
  });
  if (mail.kind === 'failed') throw new UnusableArgument(mail.message);
  const { outbox, ledger, history } = mail;
  health.met('outbox');
  const alarms = await openAlarms({ flags, store, view }).catch(async (error: unknown) => {
    // What is open keeps the process alive.
    await Promise.all([history.close(), outbox.close()]);
    throw error;
  });
  const common = {
    store,
    settings,
    tokens: tokenSourceFor(settings),
    logins: createLoginGuard(),
    log: view.log,
    random: Math.random,
  };
  const policyDeps: PolicyDeps = {
    ...common,
    outbox,
    ledger,
    history,
    relays: store,
    clock: systemClock,
    identity: flags.identity ?? 'relaykeeper',
    mayRemind: () => true,
    alarms: { ...alarms, mayAlarm: () => true, meter: metrics?.alarms },
    meter: metrics?.policies,
    grace: shutdownGrace,
  };
  const relayDeps: RelayDeps = {
    ...common,
    probe,
    now: Date.now,
    setTimer: systemTimer,
    mayAct: () => true,
    meter: metrics?.relays,
    // Whoever asks once wants to know how it is now.
    recall: !flags.once,
  };
  // The policies open the store first: it stays open until the last message under way is settled.
  const policies = await runPolicies(policyDeps, signal, view);
  const relays = await runRelays(relayDeps, signal, {
    ...view,
    onChange(key) {
      view.onChange(key);
      policies.relayChanged(key);
    },
  });
  health.met('manifests');
  metrics?.reads({ relays: relays.views, allRelays: store, policies: store, outbox });
  signal.addEventListener('abort', () => void webhook?.close(), { once: true });
  webhook?.serve({ rule: policies.webhookRule, keep: alarms.inbox.put });
  if (webhook?.warning !== undefined) view.line(`warning: ${webhook.warning}`);
  if (webhook) view.line(`Alarms are taken at ${webhook.url}/v1/alarms/NAMESPACE/POLICY/ALARM`);
  return {
    settled: () => bothSettled(relays, policies),
    ended: Promise.all([relays.ended, policies.ended]).then(() => undefined),
    async close() {
      await webhook?.close();
      await alarms.inbox.close();
      await history.close();
      await outbox.close();
      policies.close();
    },
  };
}

function countedView(view: DirectoryView, { metrics }: Instruments): DirectoryView {
  return {
    ...view,
    onProblem(problem) {
      view.onProblem(problem);
      metrics?.problem(problem);
    },
  };
}

/** Whoever is not let in is told of nowhere else. */
function shownLog({ log, line }: DirectoryView): Log {
  return { info: (_, message) => line(message), warn: (_, message) => line(`warning: ${message}`), error: log.error };
}

type AlarmParts = Pick<Parts, 'flags' | 'store' | 'view'>;

async function openAlarms({ flags, store, view }: AlarmParts): Promise<Omit<AlarmDeps, 'mayAlarm'>> {
  const stateDirectory = stateOf(flags);
  try {
    return await openDirectoryAlarms({ stateDirectory, clock: systemClock, problem: view.onProblem }, store);
  } catch (error) {
    const why = errorText(error);
    throw new UnusableArgument(`The state directory ${stateDirectory} cannot be used: ${why}`);
  }
}

/** The policies after the relays: what relays they may use is known then. */
async function bothSettled(relays: RelayRun, policies: PolicyRun): Promise<void> {
  await relays.settled();
  await policies.settled();
}

function stateOf({ directory, state }: DirectoryFlags): string {
  return state ?? join(directory, '.relaykeeper');
}

async function openStore(flags: DirectoryFlags): Promise<DirectoryStore> {
  const { directory, namespace } = flags;
  if (namespace && namespace.length > 1) throw new UnusableArgument('--namespace may be given once with --directory');
  const opened = await createDirectoryStore({
    directory,
    stateDirectory: stateOf(flags),
    ...(namespace?.[0] !== undefined && { namespace: namespace[0] }),
    now: Date.now,
  });
  if (opened.kind === 'failed') throw new UnusableArgument(opened.message);
  return opened.store;
}
