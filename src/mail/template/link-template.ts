// A template that makes the URL of a link. What it makes is clicked by people on call: http or https, or nothing.
import { type ParsedTemplate, runTemplate, urlEngine } from './engine.ts';
import { liquidFault, type PartFault, parsePart } from './parse-part.ts';
import { partUses } from './part-uses.ts';
import { completeData, type TemplateData, type VariableTable } from './variable-table.ts';

/** Every fault, with its place. */
export function linkFaults(text: string, variables: VariableTable): readonly PartFault[] {
  const parsed = parsePart(urlEngine, text);
  if (parsed.kind === 'fault') return [parsed.fault];
  const { template } = parsed;
  return partUses({ engine: urlEngine, text, template, variables, secretsAllowed: false }).faults;
}

/** Undefined where it makes no URL that may be shown. */
export function renderLink(text: string, data: TemplateData, variables: VariableTable): string | undefined {
  const parsed = parsePart(urlEngine, text);
  return parsed.kind === 'parsed' ? rendered(parsed.template, completeData(data, variables)) : undefined;
}

/** As it is shown, and as a browser reads it; a user name in it would disguise where it leads. */
export function webLink(text: string | undefined, longest: number): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text.trim());
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  return url.href.length > longest ? undefined : url.href;
}

const longestLink = 1_000;

function rendered(template: ParsedTemplate, data: TemplateData): string | undefined {
  try {
    const reader = { locale: 'en', timeZone: 'UTC' };
    return webLink(runTemplate({ engine: urlEngine, template, data, reader }), longestLink);
  } catch (error) {
    // Anything but a fault of the template goes on from there.
    liquidFault(error);
    return undefined;
  }
}
