// Which of a policy's texts a reader gets: those of the reader's language, else of the language without its region, else
// those without a language.
import type { MailTemplate } from '../../api/notification-policy.ts';
import { type TemplatePart, type TemplateSource, templateParts } from './template-parts.ts';

export interface TemplateVariant {
  /** Undefined: for every reader without one of their own. */
  readonly locale: string | undefined;
  /** Where it is written: `template`, `template.locales.de`, or a ConfigMap's keys. */
  readonly where: string;
  readonly source: TemplateSource;
}

export function chooseTexts(
  template: MailTemplate | undefined,
  configMapData: ReadonlyMap<string, string> | undefined,
  locale: string | undefined,
): TemplateSource {
  const variants = templateVariants(template, configMapData);
  const fitting = [...languageChain(locale), undefined].flatMap((wanted) =>
    variants.filter((variant) => normal(variant.locale) === wanted).map(({ source }) => source),
  );
  // The body comes from one variant as a whole: a German text beside an English HTML would be two mails in one.
  const body = fitting.find(({ text, html }) => text !== undefined || html !== undefined);
  const subject = fitting.find((source) => source.subject !== undefined)?.subject;
  return { subject, text: body?.text, html: body?.html };
}

/** Every text that a policy has, to be checked when it is read. */
export function templateVariants(
  template: MailTemplate | undefined,
  configMapData: ReadonlyMap<string, string> | undefined,
): readonly TemplateVariant[] {
  const named = template?.configMapRef;
  if (named) return configMapVariants(named.name, configMapData ?? new Map());
  if (template === undefined) return [];
  const locales = Object.entries(template.locales ?? {}).map(([locale, source = {}]) => {
    return { locale, where: `template.locales.${locale}`, source };
  });
  return [{ locale: undefined, where: 'template', source: template }, ...locales];
}

/** What a policy leaves open is built in: its own subject goes with the built-in body, and its own body with that subject. */
export function withBuiltin(chosen: TemplateSource, builtin: TemplateSource): TemplateSource {
  const ownBody = chosen.text !== undefined || chosen.html !== undefined;
  const body = ownBody ? chosen : builtin;
  return { subject: chosen.subject ?? builtin.subject, text: body.text, html: body.html };
}

function configMapVariants(name: string, data: ReadonlyMap<string, string>): TemplateVariant[] {
  const sources = new Map<string | undefined, Partial<Record<TemplatePart, string>>>();
  for (const [key, text] of data) {
    const dot = key.indexOf('.');
    const part = templateParts.find((known) => known === (dot < 0 ? key : key.slice(0, dot)));
    if (part === undefined) continue;
    const locale = dot < 0 ? undefined : key.slice(dot + 1);
    sources.set(locale, { ...sources.get(locale), [part]: text });
  }
  return [...sources].map(([locale, source]) => ({ locale, where: configMapPlace(name, locale), source }));
}

function configMapPlace(name: string, locale: string | undefined): string {
  return locale === undefined ? `ConfigMap "${name}"` : `ConfigMap "${name}", locale ${locale}`;
}

/** RFC 4647 section 3.4: `zh-Hant-TW`, `zh-Hant`, `zh`. */
function languageChain(locale: string | undefined): string[] {
  const tags = normal(locale)?.split('-') ?? [];
  return tags.map((_, index) => tags.slice(0, tags.length - index).join('-'));
}

function normal(locale: string | undefined): string | undefined {
  return locale?.replaceAll('_', '-').toLowerCase();
}
