// A design as a text part, in the language of templates.
import type { Block, Design, DetailRow } from './design.ts';

/** Each block ends with an empty line; one that is left out leaves nothing behind. The heading would only repeat the subject. */
export function designText({ blocks, footer }: Design): string {
  return `${blocks.map(blockText).join('')}-- \n${footer}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'note':
      return `${block.words}\n\n`;
    case 'badge':
      return '';
    case 'links':
      return `{% for row in ${block.list} %}{{ row.name }}: {{ row.url }}\n{% endfor %}\n`;
    case 'pairs':
      return `{% for row in ${block.list} %}{{ row.name }}: {{ row.value }}\n{% endfor %}\n`;
    case 'details':
      return `${block.rows.map(rowText).join('')}\n`;
    case 'steps':
      return `${block.items.map((item, index) => `${index + 1}. ${item}\n`).join('')}\n`;
    case 'button':
      return `${block.label}:\n{{ ${block.url} }}\n\n`;
    case 'when':
      return `{% if ${block.condition} %}${block.blocks.map(blockText).join('')}{% endif %}`;
    case 'table':
      return tableText(block);
  }
}

function tableText({ list, columns: [first, ...rest], titled }: Extract<Block, { kind: 'table' }>): string {
  const title = titled && first ? `${first.heading}:\n\n` : '';
  const others = rest
    .map(({ heading, value, below }) => `  ${heading}: ${value}${below ? `, ${below}` : ''}\n`)
    .join('');
  const below = first?.below ? `  ${first.below}\n` : '';
  const own = [...(first?.lines ?? []), ...(first?.url ? [first.url] : [])];
  const lines = own.map((line) => `{% if ${filled(line)} %}  {{ ${line} }}\n{% endif %}`).join('');
  return `${title}{% for row in ${list} %}- ${first?.value ?? ''}\n${below}${lines}${others}\n{% endfor %}`;
}

function rowText({ label, value, whenEmpty }: DetailRow): string {
  if (whenEmpty !== undefined) return `${label}: {{ ${value} | default: "${whenEmpty}" }}\n`;
  return `{% if ${filled(value)} %}${label}: {{ ${value} }}\n{% endif %}`;
}

/** Neither missing nor empty: an empty text counts as true in Liquid. */
export function filled(variable: string): string {
  return `${variable} and ${variable} != ""`;
}
