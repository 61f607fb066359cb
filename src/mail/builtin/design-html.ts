// A design as an HTML part, in the language of templates: tables and inline styles, which every mail program shows, with a
// style block for phones and dark mode, which the better ones read.
import type { Block, Design, DetailRow, TableColumn } from './design.ts';
import { filled } from './design-text.ts';
import { styles, stylesheet } from './styles.ts';

export function designHtml({ language, subject, heading, blocks, footer }: Design): string {
  return `<!DOCTYPE html>
<html lang="${language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no, email=no">
<title>${markup(subject, 'bare')}</title>
<style>
${stylesheet}
</style>
</head>
<body class="page" style="${styles.page}">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" style="${styles.outer}"><tr><td align="center" class="margin" style="${styles.margin}">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table role="presentation" class="card" width="100%" cellpadding="0" cellspacing="0" border="0" style="${styles.card}"><tr><td class="inner" style="${styles.inner}">
<h1 class="text" style="${styles.heading}">${markup(heading)}</h1>
${blocks.map(blockHtml).join('\n')}
</td></tr></table>
<!--[if mso]></td></tr></table><![endif]-->
<p class="muted" style="${styles.footer}">${markup(footer)}</p>
</td></tr></table>
</body>
</html>
`;
}

function blockHtml(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return `<p class="text" style="${styles.paragraph}">${markup(block.words)}</p>`;
    case 'note':
      return `<p class="muted" style="${styles.note}">${markup(block.words)}</p>`;
    case 'badge':
      return `<p style="${styles.badgeLine}"><span class="${block.tone}" style="${styles[block.tone]}">${markup(block.words)}</span></p>`;
    case 'links':
      return `<p class="text" style="${styles.paragraph}">{% for row in ${block.list} %}<a class="link" href="{{ row.url }}" style="${styles.listLink}">{{ row.name }}</a>{% unless forloop.last %}<br>{% endunless %}{% endfor %}</p>`;
    case 'pairs':
      return pairsHtml(block.list);
    case 'details':
      return `<table role="presentation" class="details" width="100%" cellpadding="0" cellspacing="0" border="0" style="${styles.details}">\n${block.rows.map(rowHtml).join('\n')}\n</table>`;
    case 'steps':
      return `<ol class="text" style="${styles.steps}">\n${block.items.map((item) => `<li style="${styles.step}">${markup(item)}</li>`).join('\n')}\n</ol>`;
    case 'button':
      return buttonHtml(block);
    case 'when':
      return `{% if ${block.condition} %}${block.blocks.map(blockHtml).join('\n')}{% endif %}`;
    case 'table':
      return tableHtml(block.list, block.columns);
  }
}

function rowHtml({ label, value, whenEmpty, code }: DetailRow): string {
  const shown = whenEmpty === undefined ? `{{ ${value} }}` : `{{ ${value} | default: "${whenEmpty}" }}`;
  const style = code ? styles.code : styles.value;
  const cells = `<td class="label line" style="${styles.label}">${escaped(label)}</td><td class="value line" style="${styles.valueCell}"><span class="${code ? 'code' : 'text'}" dir="${code ? 'ltr' : 'auto'}" style="${style}">${shown}</span></td>`;
  return whenEmpty === undefined ? `{% if ${filled(value)} %}<tr>${cells}</tr>{% endif %}` : `<tr>${cells}</tr>`;
}

function buttonHtml({ label, url, fallback }: Extract<Block, { kind: 'button' }>): string {
  return `<table role="presentation" class="button-box" cellpadding="0" cellspacing="0" border="0" style="${styles.buttonBox}"><tr><td class="button" style="${styles.button}"><a class="button" href="{{ ${url} }}" style="${styles.buttonLink}">${escaped(label)}</a></td></tr></table>
<p class="muted" style="${styles.note}">${escaped(fallback)}<br><a class="link" href="{{ ${url} }}" style="${styles.link}">{{ ${url} }}</a></p>`;
}

function pairsHtml(list: string): string {
  return `<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="${styles.details}">
{% for row in ${list} %}<tr><td class="muted line" style="${styles.pairName}"><span dir="auto" style="${styles.inline}">{{ row.name }}</span></td><td class="text line" style="${styles.pairValue}"><span dir="auto" style="${styles.inline}">{{ row.value }}</span></td></tr>
{% endfor %}</table>`;
}

function tableHtml(list: string, columns: readonly TableColumn[]): string {
  const heads = columns.map(({ heading, numeric }) => {
    return `<th class="muted line" scope="col" align="${numeric ? 'right' : 'left'}" style="${numeric ? styles.numberHead : styles.columnHead}">${escaped(heading)}</th>`;
  });
  const hasLines = columns.some(({ lines }) => lines);
  const cells = columns.map((column) => {
    const { below, numeric, short } = column;
    const base = numeric ? styles.numberCell : short ? styles.shortCell : styles.cell;
    const style = hasLines ? `${base};padding-bottom:4px` : base;
    const second = below ? `<br><span class="muted" style="${styles.below}">${markup(below)}</span>` : '';
    return `<td class="text line" align="${numeric ? 'right' : 'left'}" style="${style}">${cellValue(column)}${second}</td>`;
  });
  // Across all columns: on a phone one column is too narrow for a sentence.
  const lines = columns
    .flatMap(({ lines = [] }) => lines)
    .map((line) => {
      const cell = `<td class="muted" dir="auto" colspan="${columns.length}" style="${styles.lineCell}">{{ ${line} }}</td>`;
      return `{% if ${filled(line)} %}<tr>${cell}</tr>{% endif %}`;
    });
  return `<table class="list" width="100%" cellpadding="0" cellspacing="0" border="0" style="${styles.list}">
<tr>${heads.join('')}</tr>
{% for row in ${list} %}<tr>${cells.join('')}</tr>${lines.join('')}
{% endfor %}</table>`;
}

function cellValue({ value, url }: TableColumn): string {
  if (url === undefined) return markup(value);
  const link = `<a class="link" href="{{ ${url} }}" style="${styles.listLink}">${markup(value)}</a>`;
  return `{% if ${filled(url)} %}${link}{% else %}${markup(value)}{% endif %}`;
}

/** Words for HTML: what is literal is escaped here, values by the engine; a value keeps its own direction. */
function markup(words: string, values: 'isolated' | 'bare' = 'isolated'): string {
  return words
    .split(/(\{\{.*?\}\}|\{%.*?%\})/s)
    .map((piece) => {
      if (piece.startsWith('{%')) return piece;
      if (!piece.startsWith('{{')) return escaped(piece);
      return values === 'bare' ? piece : `<span dir="auto" style="${styles.inline}">${piece}</span>`;
    })
    .join('');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
