// The text part of a mail that was written in HTML only.
import { convert } from 'html-to-text';

export function textFromHtml(html: string): string {
  const text = convert(html, {
    wordwrap: false,
    limits: { maxInputLength: 512 * 1024, maxDepth: 64 },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true, noAnchorUrl: true } },
      { selector: 'table', format: 'block' },
      { selector: 'tr', format: 'block' },
      { selector: '[hidden]', format: 'skip' },
    ],
  });
  return `${text.trim()}\n`;
}
