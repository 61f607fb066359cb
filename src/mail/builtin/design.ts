// A built-in mail as a list of blocks, in the words of one language; text and HTML are both made from it, so that they say the same.

/** Text with Liquid in it, as a user would write it in a text part. */
export type Words = string;

export interface DetailRow {
  readonly label: string;
  /** A variable; a row whose variable is empty is left out. */
  readonly value: string;
  /** Shown in its place where the variable is empty; the row then always stands. */
  readonly whenEmpty?: string;
  /** In type in which l, 1 and I differ. */
  readonly code?: true;
}

export interface TableColumn {
  readonly heading: string;
  /** With `row` as the row. */
  readonly value: Words;
  /** A second line, smaller. */
  readonly below?: Words;
  /** Variables, each on a line of its own below the row; an empty one is left out. */
  readonly lines?: readonly string[];
  /** A variable: where the value leads to, unless it is empty. */
  readonly url?: string;
  readonly numeric?: true;
  /** Stays on one line. */
  readonly short?: true;
}

export type Block =
  | { readonly kind: 'paragraph'; readonly words: Words }
  /** Quieter than a paragraph. */
  | { readonly kind: 'note'; readonly words: Words }
  /** The state at a glance, in colour; the text part has it in the subject. */
  | { readonly kind: 'badge'; readonly words: Words; readonly tone: 'alarm' | 'calm' }
  /** A list of rows with `name` and `url`, and one with `name` and `value`. */
  | { readonly kind: 'links'; readonly list: string }
  | { readonly kind: 'pairs'; readonly list: string }
  | { readonly kind: 'details'; readonly rows: readonly DetailRow[] }
  | { readonly kind: 'steps'; readonly items: readonly Words[] }
  /** `url` is a variable; it stands below the button too, for readers whose mail program shows no button. */
  | { readonly kind: 'button'; readonly label: string; readonly url: string; readonly fallback: string }
  | { readonly kind: 'when'; readonly condition: string; readonly blocks: readonly Block[] }
  /** Where a mail has several, a text part says the first heading before each. */
  | {
      readonly kind: 'table';
      readonly list: string;
      readonly columns: readonly TableColumn[];
      readonly titled?: true;
    };

export interface Design {
  readonly language: string;
  readonly subject: Words;
  readonly heading: Words;
  readonly blocks: readonly Block[];
  /** Small, at the end. */
  readonly footer: Words;
}

export function paragraph(words: Words): Block {
  return { kind: 'paragraph', words };
}

export function note(words: Words): Block {
  return { kind: 'note', words };
}

export function steps(...items: readonly Words[]): Block {
  return { kind: 'steps', items };
}

export function when(condition: string, ...blocks: readonly Block[]): Block {
  return { kind: 'when', condition, blocks };
}
