// The mails of notices as they would have been made: to whom, with which subject, and whole where that is asked for.
import { alarmMail } from '../../alarms/alarm-mail.ts';
import type { Notice } from '../../alarms/notice.ts';
import { type Key, keyText } from '../../api/resource.ts';
import { render } from '../../mail/template/render-template.ts';
import { alarmRecipients } from '../../policies/alarms/alarm-recipients.ts';
import { alarmSenderOf } from '../../policies/alarms/alarm-sender.ts';
import { noticeOrder } from '../../policies/alarms/notice-orders.ts';
import { makeMessage } from '../../policies/make-message.ts';
import type { PolicyScene } from '../../policies/read-policy.ts';
import { createRelayBook } from '../../policies/relay-book.ts';
import type { TemplateFor } from '../../policies/rule-templates.ts';
import { hostFqdn } from '../host-fqdn.ts';
import { UnusableArgument } from '../io.ts';
import type { ManifestPolicies } from '../manifest-policies.ts';
import { templateOfRule } from '../rule-texts.ts';
import { usableScene } from '../usable-scene.ts';
import type { ChosenRule } from './simulate-alarms.ts';

export interface SimulatedMail {
  readonly policy: Key;
  readonly rule: string;
  readonly notice: Notice;
  readonly to: readonly string[];
  readonly subject: string;
  /** One for each recipient, where they were asked for. */
  readonly messages: readonly Buffer[];
  /** Clauses about what cannot be made, and who is not told. */
  readonly problems: readonly string[];
}

export interface SimulatedDeps extends ManifestPolicies {
  /** Whole messages take a policy whose relays are there. */
  readonly whole: boolean;
}

export async function simulatedMails(
  chosen: ChosenRule,
  notices: readonly Notice[],
  deps: SimulatedDeps,
): Promise<readonly SimulatedMail[]> {
  const texts = await templateOfRule(chosen, deps.store);
  if (texts.kind === 'failed') throw new UnusableArgument(texts.message);
  const scene = deps.whole ? await sceneOf(chosen, deps) : undefined;
  const mails: SimulatedMail[] = [];
  for (const notice of notices) mails.push(await mailOf(notice, chosen, { ...deps, scene, template: texts.template }));
  return mails;
}

interface MailDeps extends ManifestPolicies {
  readonly template: TemplateFor;
  readonly scene: PolicyScene | undefined;
}

async function mailOf(notice: Notice, { policy, rule }: ChosenRule, deps: MailDeps): Promise<SimulatedMail> {
  const { recipients, problems } = alarmRecipients({ policy, rule, store: deps.store })(notice);
  const mail = alarmMail(notice, { rule, policy, senderName: undefined, recipientRole: 'address' });
  const [first] = recipients;
  const locale = first?.locale;
  const rendered = render(deps.template(mail.kind, locale), mail.data, {
    locale: locale ?? 'en',
    timeZone: first?.timeZone ?? rule.timeZone,
  });
  const { scene, template } = deps;
  const facts = scene && { scene, rule, template, now: notice.at };
  const made = await Promise.all(
    facts ? recipients.map((one) => makeMessage(noticeOrder(one, facts), scene, notice.at)) : [],
  );
  return {
    ...{ policy, rule: rule.name, notice },
    to: recipients.map(({ address }) => address),
    subject: rendered.kind === 'rendered' ? rendered.subject : '',
    messages: made.flatMap((one) => (one.kind === 'made' ? [one.message.raw] : [])),
    problems: [
      ...problems,
      ...(rendered.kind === 'failed' ? [`the ${rendered.part}: ${rendered.message}`] : []),
      ...made.flatMap((one) => (one.kind === 'invalid' ? [one.problem] : [])),
      ...(recipients.length === 0 ? ['nobody would have been told'] : []),
    ],
  };
}

/** As the operator has it: alarms have a sender of their own. */
async function sceneOf({ policy, spec }: ChosenRule, { store, relays }: ManifestPolicies): Promise<PolicyScene> {
  const stored = store.getPolicy(policy);
  const book = createRelayBook(relays, Date.now);
  const usable = stored && (await usableScene(stored, { store, book }));
  if (usable?.kind !== 'usable') throw new UnusableArgument(`${keyText(policy)}: ${usable?.message ?? 'it is gone'}`);
  const { scene } = usable;
  const settings = { ehloName: undefined, hostName: await hostFqdn() };
  const sender = alarmSenderOf(policy, spec, { relays: scene.relays, settings });
  if (sender.kind === 'violation') throw new UnusableArgument(`${keyText(policy)}: ${sender.violation.message}`);
  return { ...scene, sender };
}
