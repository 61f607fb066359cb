// A compiled template and its data make the parts of a mail.
import type { Reader } from './clock-format.ts';
import { engineOf, runTemplate } from './engine.ts';
import { liquidFault } from './parse-part.ts';
import { type CompiledTemplate, type Place, type TemplatePart, templateParts } from './template-parts.ts';
import { textFromHtml } from './text-from-html.ts';
import { completeData, type TemplateData, type VariableTable } from './variable-table.ts';

export interface RenderedMail {
  readonly kind: 'rendered';
  readonly subject: string;
  readonly text: string | undefined;
  readonly html: string | undefined;
}

export type RenderResult =
  | RenderedMail
  | { readonly kind: 'failed'; readonly part: TemplatePart; readonly place: Place; readonly message: string };

/** Text alone stays alone; HTML alone gets a text beside it. */
export function render(template: CompiledTemplate, data: TemplateData, reader: Reader): RenderResult {
  const rendered: Partial<Record<TemplatePart, string>> = {};
  for (const part of templateParts) {
    const parsed = template.parts[part];
    if (parsed === undefined) continue;
    const complete = completeData(data, visible(template, part));
    try {
      rendered[part] = runTemplate({ engine: engineOf(part), template: parsed, data: complete, reader });
    } catch (error) {
      const { message, ...place } = liquidFault(error);
      return { kind: 'failed', part, place, message };
    }
  }
  const html = withoutControls(rendered.html);
  return {
    kind: 'rendered',
    subject: subjectLine(rendered.subject ?? ''),
    text: withoutControls(rendered.text) ?? (html === undefined ? undefined : textFromHtml(html)),
    html,
  };
}

/** One line of at most 255 characters, without anything that ends it or turns its direction. */
export function subjectLine(text: string): string {
  const line = text
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/gu, '')
    .trim();
  return [...line].slice(0, 255).join('');
}

/** A secret that was not named is not even handed over; a subject never gets one. */
function visible({ variables, uses }: CompiledTemplate, part: TemplatePart): VariableTable {
  const entries = Object.entries(variables);
  return Object.fromEntries(entries.filter(([name, { secret }]) => !secret || (part !== 'subject' && uses.has(name))));
}

function withoutControls(text: string | undefined): string | undefined {
  return text
    ?.toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '');
}
