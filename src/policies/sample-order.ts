// A mail of a rule made of samples, as an order: what `preview` shows, and what `send-test` and the annotation send.
import type { AlarmRule, CredentialsRule } from '../api/notification-policy.ts';
import type { Key } from '../api/resource.ts';
import { alarmLinks } from '../mail/alarms/alarm-links.ts';
import { isUrgent } from '../mail/alarms/alarm-title.ts';
import { type MailKind, variablesOf } from '../mail/builtin/builtin-template.ts';
import { type MessageIdentity, messageId } from '../mail/identity.ts';
import { sampleData, type TemplateData, type TemplateValue } from '../mail/template/variable-table.ts';
import type { MailOrder } from './make-message.ts';
import type { NamedRule } from './named-rule.ts';
import { templateKind } from './rule-templates.ts';

export interface SampleWish {
  readonly to: string;
  /** Tells it from other samples of the rule. */
  readonly occasion: string;
  readonly deliverBy: number;
  readonly rememberUntil?: number;
  readonly locale?: string | undefined;
  /** The mail for a changed password. */
  readonly reset?: boolean | undefined;
  readonly part?: MessageIdentity['part'];
}

/** What of a policy its mails need. */
export interface SampleScene {
  readonly key: Key;
  readonly template: MailOrder['template'];
  readonly senderName: string | undefined;
}

export function sampleOrder(named: NamedRule, scene: SampleScene, wish: SampleWish): MailOrder {
  const { to, occasion, locale, part = 'Main', deliverBy, rememberUntil } = wish;
  const { kind, rule } = named;
  const mailKind: MailKind = part === 'Password' ? 'password' : templateKind(rule);
  const samples = sampleData(variablesOf[mailKind]);
  const timeZone = kind === 'Alarm' ? rule.timeZone : text(samples.timeZone);
  const identity: MessageIdentity = {
    policy: scene.key,
    ruleKind: 'Test',
    rule: rule.name,
    subject: { namespace: scene.key.namespace, name: 'sample' },
    occasion,
    recipient: to,
    part,
  };
  return {
    id: messageId(identity),
    identity,
    kind: mailKind,
    template: scene.template,
    data: {
      ...samples,
      ...(kind === 'Credentials' ? credentialsOf(rule, samples, wish) : {}),
      senderName: scene.senderName ?? null,
      ...(kind === 'Alarm' ? alarmOf(rule, samples) : {}),
      ...(kind === 'Credentials' ? {} : { ruleName: rule.name, policyName: scene.key.name }),
    },
    locale,
    timeZone,
    urgent: kind === 'Alarm' && isUrgent(text(samples.severity)),
    // A sample is no secret; it must find the same relays fit as the mails of the rule do.
    confidential: kind === 'Credentials' && isConfidential(rule, part),
    secrets: [text(samples.password), text(samples.oneTimeLink)].filter((secret) => secret !== ''),
    seen: '',
    deliverBy,
    rememberUntil,
  };
}

/** The rule's own links with the sample's labels. */
function alarmOf({ links = [], timeZone }: AlarmRule, samples: TemplateData): TemplateData {
  const own = alarmLinks({ links, data: samples, alarms: [] });
  const others = Array.isArray(samples.links) ? samples.links.slice(links.length > 0 ? 1 : 0) : [];
  return { timeZone, links: [...own.links, ...others], brokenLinks: own.broken.join(', ') };
}

function isConfidential({ password }: CredentialsRule, part: MessageIdentity['part']): boolean {
  return password === 'Include' || (password === 'SeparateMail' && part === 'Password');
}

/** The password and the link where the rule would mail them. */
function credentialsOf(
  { password, notify }: CredentialsRule,
  samples: TemplateData,
  { reset = false, part = 'Main' }: SampleWish,
): TemplateData {
  const shown = part === 'Password' || password === 'Include';
  return {
    password: shown ? (samples.password ?? null) : null,
    oneTimeLink: password === 'Link' && part === 'Main' ? (samples.oneTimeLink ?? null) : null,
    passwordMode: password,
    trigger: reset ? 'PasswordReset' : 'AccountCreated',
    accountTold: notify.account,
  };
}

function text(value: TemplateValue | undefined): string {
  return typeof value === 'string' ? value : '';
}
