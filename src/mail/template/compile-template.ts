// Reads a template once, when a policy is read: every fault of it is found here, with its place, before a mail is due.
import { engineOf, type ParsedTemplate } from './engine.ts';
import { parsePart } from './parse-part.ts';
import { partUses } from './part-uses.ts';
import { render } from './render-template.ts';
import {
  type CompiledTemplate,
  type TemplateFault,
  type TemplatePart,
  type TemplateSource,
  templateParts,
} from './template-parts.ts';
import { sampleData, type VariableTable } from './variable-table.ts';

export type Compiled =
  | { readonly kind: 'ok'; readonly template: CompiledTemplate }
  | { readonly kind: 'invalid'; readonly faults: readonly TemplateFault[] };

export function compileTemplate(source: TemplateSource, variables: VariableTable): Compiled {
  const parts: Partial<Record<TemplatePart, ParsedTemplate>> = {};
  const uses = new Set<string>();
  const faults: TemplateFault[] = [];
  for (const part of templateParts) {
    const text = source[part];
    if (text === undefined) continue;
    const engine = engineOf(part);
    const parsed = parsePart(engine, text);
    if (parsed.kind === 'fault') {
      faults.push({ part, ...parsed.fault });
      continue;
    }
    const found = partUses({ engine, text, template: parsed.template, variables, secretsAllowed: part !== 'subject' });
    faults.push(...found.faults.map((fault) => ({ part, ...fault })));
    for (const name of found.names) uses.add(name);
    parts[part] = parsed.template;
  }
  if (faults.length > 0) return { kind: 'invalid', faults };
  return proven({ parts, variables, uses });
}

/** Rendered with samples once: what only running shows, such as a loop without end, is found now and not when a mail is due. */
function proven(template: CompiledTemplate): Compiled {
  const trial = render(template, sampleData(template.variables), { locale: 'en', timeZone: 'UTC' });
  if (trial.kind === 'rendered') return { kind: 'ok', template };
  return { kind: 'invalid', faults: [{ part: trial.part, ...trial.place, message: trial.message }] };
}
