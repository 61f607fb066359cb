// Every fault of every text of a rule's template, with its place: what `Accepted` and `relaykeeper validate` say.
import type { MailTemplate } from '../../api/notification-policy.ts';
import { templateVariants } from './choose-texts.ts';
import { compileTemplate } from './compile-template.ts';
import type { TemplateFault } from './template-parts.ts';
import type { VariableTable } from './variable-table.ts';

export interface PlacedFault extends TemplateFault {
  /** `template`, `template.locales.de`, or a ConfigMap's keys. */
  readonly where: string;
}

export function checkTemplate(
  template: MailTemplate | undefined,
  configMapData: ReadonlyMap<string, string> | undefined,
  variables: VariableTable,
): readonly PlacedFault[] {
  return templateVariants(template, configMapData).flatMap(({ where, source }) => {
    const compiled = compileTemplate(source, variables);
    return compiled.kind === 'ok' ? [] : compiled.faults.map((fault) => ({ where, ...fault }));
  });
}

/** `template.locales.de.text, line 2, column 5: there is no variable …`. */
export function faultText({ where, part, line, column, message }: PlacedFault): string {
  const place = where.startsWith('ConfigMap') ? `${where}, ${part}` : `${where}.${part}`;
  return `${place}, line ${line}, column ${column}: ${message}`;
}
