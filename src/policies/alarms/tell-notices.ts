// Brings the mails of a rule's pending notices to the outbox. The journal has the notices by then, and the outbox knows
// mails that it has: this may be done again at any time.
import type { Notice } from '../../alarms/notice.ts';
import { acceptOrders } from '../accept-orders.ts';
import type { MailOrder } from '../make-message.ts';
import type { PolicyScene } from '../read-policy.ts';
import { mails } from '../rule-outcome.ts';
import { createTemplateFor } from '../rule-templates.ts';
import { type AlarmRecipients, alarmRecipients } from './alarm-recipients.ts';
import { alarmSenderOf } from './alarm-sender.ts';
import type { AlarmTools } from './alarm-tools.ts';
import { noticeOrder } from './notice-orders.ts';
import type { RunningRule } from './running-rule.ts';

/** How soon a full outbox, or one that cannot be reached, is tried again. */
const retryAfter = 5_000;
/** Notices whose mails are made and written together. */
const together = 256;

export async function tellNotices(running: RunningRule, tools: AlarmTools): Promise<void> {
  const { policy, book, problems } = running;
  const pending = book.pending();
  const spec = tools.specs(policy);
  const scene = tools.scene(policy);
  problems.delete('wait');
  if (running.retryAt !== undefined && tools.clock.monotonic() < running.retryAt) return;
  running.retryAt = undefined;
  if (pending.length === 0) return;
  if (typeof spec === 'object' && spec.mode === 'DryRun') return countOnly(running, pending);
  if (!scene) {
    problems.set('wait', `${mails(pending.length)} wait until the policy can send.`);
    return;
  }
  const teller = openTeller(running, scene, tools);
  for (let from = 0; from < pending.length && tools.holds(); from += together) {
    if (!(await teller(pending.slice(from, from + together)))) return;
  }
}

function countOnly({ book, problems }: RunningRule, pending: readonly Notice[]): void {
  for (const notice of pending) book.done(notice);
  problems.set('dryRun', `Of ${mails(pending.length)} that were due last none was sent (spec.mode: DryRun).`);
}

/** False: the rest has to wait. */
type Teller = (notices: readonly Notice[]) => Promise<boolean>;

function openTeller(running: RunningRule, scene: PolicyScene, tools: AlarmTools): Teller {
  const { policy, rule, book, problems } = running;
  const recipientsOf = alarmRecipients({ policy, rule, store: tools.store });
  const sending = { ...scene, sender: senderIn(scene, tools) };
  const template = templateOf(running, scene);
  return async (notices) => {
    const found = notices.map(recipientsOf);
    const orders = found.flatMap(({ recipients }) =>
      recipients.map((one) => noticeOrder(one, { scene: sending, rule, template, now: tools.clock.now() })),
    );
    const result = await acceptOrders(whileHeld(orders, tools), sending, tools);
    if (!tools.holds()) return false;
    if (result.kind === 'stopped') {
      running.retryAt = tools.clock.monotonic() + retryAfter;
      problems.set(
        'outbox',
        `${mails(book.pending().length)} could not be brought to the outbox yet: ${result.message}`,
      );
      return false;
    }
    for (const notice of notices) book.done(notice);
    tools.alarms.meter?.notified(notices.length);
    problems.delete('outbox');
    tellProblems(running, { found, invalid: result.problems, tools });
    return true;
  };
}

/** Another may act by now: it makes the others. */
function* whileHeld(orders: readonly MailOrder[], { holds }: AlarmTools): Generator<MailOrder> {
  for (const order of orders) {
    if (!holds()) return;
    yield order;
  }
}

function senderIn({ key, spec, relays, sender }: PolicyScene, { settings }: AlarmTools): PolicyScene['sender'] {
  const found = alarmSenderOf(key, spec, { relays, settings });
  return found.kind === 'sender' ? found : sender;
}

function templateOf({ rule }: RunningRule, { spec, templates }: PolicyScene) {
  const fieldPath = `spec.alarms[${(spec.alarms ?? []).findIndex(({ name }) => name === rule.name)}].template`;
  return templates.get(fieldPath) ?? createTemplateFor({ fieldPath, kind: 'alarm', template: undefined }, undefined);
}

interface Told {
  readonly found: readonly AlarmRecipients[];
  /** Clauses about mails that could not be made. */
  readonly invalid: readonly string[];
  readonly tools: AlarmTools;
}

/** Each once as long as it lasts. */
function tellProblems(running: RunningRule, { found, invalid, tools: { notTold } }: Told): void {
  const nobody = found.filter(({ recipients }) => recipients.length === 0).length;
  const sentences = new Set(found.flatMap(({ problems }) => problems));
  if (nobody > 0) notTold.add({ ...whose(running), what: { count: nobody, of: 'mail' }, why: noRecipient });
  const [first] = invalid;
  if (first !== undefined) {
    const what = { count: invalid.length, of: 'mail' } as const;
    notTold.add({ ...whose(running), what, why: `could not be made: ${first}` });
  }
  for (const sentence of sentences) {
    if (running.problems.get(sentence) === sentence) continue;
    notTold.add({ ...whose(running), what: 'Recipients', why: `are not all told. ${sentence}` });
  }
  for (const [subject, text] of running.problems) if (subject === text) running.problems.delete(subject);
  for (const sentence of sentences) running.problems.set(sentence, sentence);
  setOrDelete(running, 'nobody', nobody > 0 ? `${mails(nobody)} ${noRecipient}` : undefined);
  setOrDelete(running, 'invalid', first === undefined ? undefined : `A mail could not be made: ${first}.`);
}

const noRecipient = 'had nobody to go to: give spec.alarms[].notify an address, or an admin account its labels.';

function whose({ policy, rule }: RunningRule) {
  return { policy, rule: rule.name };
}

function setOrDelete({ problems }: RunningRule, subject: string, text: string | undefined): void {
  if (text === undefined) problems.delete(subject);
  else problems.set(subject, text);
}
