// The texts of a rule's mails: read and checked when the policy is, compiled once a language.
import type {
  AlarmRule,
  CredentialsRule,
  MailTemplate,
  NotificationPolicySpec,
  ReminderRule,
} from '../api/notification-policy.ts';
import type { ReferencedObject } from '../api/referenced-object.ts';
import type { Key } from '../api/resource.ts';
import type { ParsedPolicy } from '../api/validate-policy.ts';
import type { Violation } from '../api/violation.ts';
import { builtinSource, builtinTemplate, type MailKind, variablesOf } from '../mail/builtin/builtin-template.ts';
import { linkVariables } from '../mail/template/alarm-variables.ts';
import { checkTemplate, faultText } from '../mail/template/check-template.ts';
import { chooseTexts, withBuiltin } from '../mail/template/choose-texts.ts';
import { compileTemplate } from '../mail/template/compile-template.ts';
import { linkFaults } from '../mail/template/link-template.ts';
import type { CompiledTemplate } from '../mail/template/template-parts.ts';

export interface RuleTemplate {
  readonly fieldPath: string;
  readonly kind: MailKind;
  readonly template: MailTemplate | undefined;
  /** Of an alarm rule: their URLs are templates too. */
  readonly links?: AlarmRule['links'];
}

/** What each rule's own template is for: with a digest the digest, of alarms a group; the mails beside it are built in. */
export function templatesOf({
  credentials = [],
  reminders = [],
  alarms = [],
}: NotificationPolicySpec): readonly RuleTemplate[] {
  return [
    ...credentials.map((rule, index) => ({
      fieldPath: `spec.credentials[${index}].template`,
      kind: templateKind(rule),
      template: rule.template,
    })),
    ...reminders.map((rule, index) => ({
      fieldPath: `spec.reminders[${index}].template`,
      kind: templateKind(rule),
      template: rule.template,
    })),
    ...alarms.map((rule, index) => ({
      fieldPath: `spec.alarms[${index}].template`,
      kind: templateKind(rule),
      template: rule.template,
      links: rule.links,
    })),
  ];
}

/** Those that its rules take their texts from. */
export function configMapsOf({ namespace }: Key, parsed: ParsedPolicy): readonly Key[] {
  if (parsed.kind === 'invalid') return [];
  const names = templatesOf(parsed.policy.spec).flatMap(({ template }) => template?.configMapRef?.name ?? []);
  return [...new Set(names)].map((name) => ({ namespace, name }));
}

export function templateKind(rule: CredentialsRule | ReminderRule | AlarmRule): MailKind {
  if ('sources' in rule) return 'alarm';
  if (!('digest' in rule)) return 'credentials';
  return rule.digest ? 'digest' : 'reminder';
}

/** The first fault of the template and its links, the others counted. */
export function templateViolation(
  rule: RuleTemplate,
  texts: ReadonlyMap<string, string> | undefined,
): Violation | undefined {
  const [first, ...others] = templateViolations(rule, texts);
  if (!first) return undefined;
  const more = others.length === 0 ? '' : `; and ${others.length} more`;
  return { ...first, message: `${first.message}${more}` };
}

/** Every fault of the template; where it has none, of its links. */
export function templateViolations(rule: RuleTemplate, texts: ReadonlyMap<string, string> | undefined): Violation[] {
  const { fieldPath, kind, template } = rule;
  const found = checkTemplate(template, texts, variablesOf[kind]).map((fault): Violation => {
    const text = faultText(fault);
    const inConfigMap = text.startsWith('ConfigMap');
    const message = inConfigMap ? text : text.slice(text.indexOf(', line') + 2);
    const path = inConfigMap ? `${fieldPath}.configMapRef` : placePath(fieldPath, fault);
    return { reason: 'SchemaInvalid', fieldPath: path, message };
  });
  return found.length > 0 ? found : [linkViolation(rule) ?? []].flat();
}

function linkViolation({ fieldPath, links = [] }: RuleTemplate): Violation | undefined {
  for (const [index, { url }] of links.entries()) {
    const [first] = linkFaults(url, linkVariables);
    if (!first) continue;
    const path = fieldPath.replace(/template$/, `links[${index}].url`);
    const message = `line ${first.line}, column ${first.column}: ${first.message}`;
    return { reason: 'SchemaInvalid', fieldPath: path, message };
  }
  return undefined;
}

function placePath(fieldPath: string, { where, part }: { readonly where: string; readonly part: string }): string {
  return `${fieldPath.replace(/template$/, where)}.${part}`;
}

export function textsOf({ data }: Pick<ReferencedObject, 'data'>): ReadonlyMap<string, string> {
  return new Map([...data].map(([key, value]) => [key, value.toString('utf8')]));
}

export type CheckedTemplate =
  | { readonly kind: 'template'; readonly templateFor: TemplateFor }
  | { readonly kind: 'violation'; readonly violation: Violation };

/** What a template's texts are once they are checked; `version` names the ConfigMap's. */
export type CheckTemplate = (rule: RuleTemplate, from: TextsOfVersion | undefined) => CheckedTemplate;

export interface TextsOfVersion {
  readonly version: string;
  readonly texts: ReadonlyMap<string, string>;
}

/** Each checked and compiled once for its manifest and the version of its texts: that takes long, and rules are run often. */
export function createCheckTemplate(): CheckTemplate {
  const known = new WeakMap<MailTemplate, { readonly version: string; readonly checked: CheckedTemplate }>();
  return (rule, from) => {
    const before = rule.template && known.get(rule.template);
    const version = from?.version ?? '';
    if (before?.version === version) return before.checked;
    const violation = templateViolation(rule, from?.texts);
    const checked: CheckedTemplate = violation
      ? { kind: 'violation', violation }
      : { kind: 'template', templateFor: createTemplateFor(rule, from?.texts) };
    if (rule.template) known.set(rule.template, { version, checked });
    return checked;
  };
}

export type TemplateFor = (kind: MailKind, locale: string | undefined) => CompiledTemplate;

/** The rule's template must have no fault. */
export function createTemplateFor(rule: RuleTemplate, texts: ReadonlyMap<string, string> | undefined): TemplateFor {
  const compiled = new Map<string, CompiledTemplate>();
  return (kind, locale) => {
    if (kind !== rule.kind || rule.template === undefined) return builtinTemplate(kind, locale);
    const known = compiled.get(locale ?? '');
    if (known) return known;
    const source = withBuiltin(chooseTexts(rule.template, texts, locale), builtinSource(kind, locale));
    const result = compileTemplate(source, variablesOf[kind]);
    // Each of its texts was checked when the policy was read.
    if (result.kind === 'invalid') throw new Error(`${rule.fieldPath}: ${JSON.stringify(result.faults)}`);
    compiled.set(locale ?? '', result.template);
    return result.template;
  };
}
