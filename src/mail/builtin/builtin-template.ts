// The built-in mails as templates, read like a user's.
import { alarmDigestVariables, alarmVariables, heldBackVariables } from '../template/alarm-variables.ts';
import { compileTemplate } from '../template/compile-template.ts';
import type { CompiledTemplate, TemplateSource } from '../template/template-parts.ts';
import type { VariableTable } from '../template/variable-table.ts';
import { credentialsVariables, digestVariables, reminderVariables } from '../template/variables.ts';
import { german } from './de.ts';
import type { Design } from './design.ts';
import { designHtml } from './design-html.ts';
import { designText } from './design-text.ts';
import { english } from './en.ts';

/**
 * `password` is the second mail of SeparateMail, `alarmDigest` tells what waited through a quiet period, `heldBack` what a
 * rate limit kept back; a policy's template never takes their place.
 */
export type MailKind = 'credentials' | 'password' | 'reminder' | 'digest' | 'alarm' | 'alarmDigest' | 'heldBack';

export const variablesOf: Readonly<Record<MailKind, VariableTable>> = {
  credentials: credentialsVariables,
  password: credentialsVariables,
  reminder: reminderVariables,
  digest: digestVariables,
  alarm: alarmVariables,
  alarmDigest: alarmDigestVariables,
  heldBack: heldBackVariables,
};

/** Every language but these reads English. */
export const builtinLanguages = ['en', 'de'] as const;
export type BuiltinLanguage = (typeof builtinLanguages)[number];

export function builtinLanguage(locale: string | undefined): BuiltinLanguage {
  const language = locale?.toLowerCase().split(/[-_]/)[0];
  return builtinLanguages.find((known) => known === language) ?? 'en';
}

/** Complete: subject, text and HTML; what `preview` shows to start a template of one's own from. */
export function builtinSource(kind: MailKind, locale: string | undefined): Required<TemplateSource> {
  const design = designs[builtinLanguage(locale)][kind];
  return { subject: design.subject, text: designText(design), html: designHtml(design) };
}

export function builtinTemplate(kind: MailKind, locale: string | undefined): CompiledTemplate {
  const key = `${kind} ${builtinLanguage(locale)}`;
  const known = compiled.get(key);
  if (known) return known;
  const result = compileTemplate(builtinSource(kind, locale), variablesOf[kind]);
  // Only a bug in this folder gets here; a test compiles them all.
  if (result.kind === 'invalid') throw new Error(`built-in template ${key}: ${JSON.stringify(result.faults)}`);
  compiled.set(key, result.template);
  return result.template;
}

const designs: Readonly<Record<BuiltinLanguage, Readonly<Record<MailKind, Design>>>> = {
  en: english,
  de: german,
};
const compiled = new Map<string, CompiledTemplate>();
