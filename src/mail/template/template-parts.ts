// What a template is made of, as it is written and once it is read.
import type { ParsedTemplate } from './engine.ts';
import type { VariableTable } from './variable-table.ts';

export const templateParts = ['subject', 'text', 'html'] as const;
export type TemplatePart = (typeof templateParts)[number];

export interface TemplateSource {
  readonly subject?: string | undefined;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
}

export interface Place {
  /** From 1. */
  readonly line: number;
  readonly column: number;
}

export interface TemplateFault extends Place {
  readonly part: TemplatePart;
  /** What is wrong and what would be right. */
  readonly message: string;
}

export interface CompiledTemplate {
  readonly parts: Readonly<Partial<Record<TemplatePart, ParsedTemplate>>>;
  readonly variables: VariableTable;
  /** The variables that it names; `password` among them makes the mail confidential. */
  readonly uses: ReadonlySet<string>;
}
