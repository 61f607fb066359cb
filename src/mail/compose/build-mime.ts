// Writes out a tree of MIME parts at once: byte for byte what the library's own `build` makes of it by way of a dozen
// streams a message, which take three times as long as all the rest of composing it.
import { encode as toBase64, wrap as wrapBase64 } from 'nodemailer/lib/base64';
import type MimeNode from 'nodemailer/lib/mime-node';
import { encode as toQuotedPrintable, wrap as wrapQuotedPrintable } from 'nodemailer/lib/qp';

/** Lines end in CRLF, as `newline: 'windows'` has it. What is out of the ordinary is left to the library. */
export async function buildMime(root: MimeNode): Promise<Buffer> {
  return isOrdinary(root) ? Buffer.from(withCrlf(partText(root))) : await root.build();
}

/** The library encodes so much at once; a line that begins in one piece and ends in the next is broken elsewhere. */
const mostAtOnce = 64 * 1_024;

/** Trailing white space belongs to the next piece, too. */
function isOrdinary({ content, childNodes }: MimeNode): boolean {
  const ordinary =
    content === undefined ||
    (typeof content === 'string' && Buffer.byteLength(content) <= mostAtOnce && !/[ \t]$/.test(content));
  return ordinary && childNodes.every(isOrdinary);
}

/** Headers first: writing them settles the encoding, which is not looked for a second time then. */
function partText(node: MimeNode): string {
  const head = `${node.buildHeaders()}\r\n\r\n`;
  const body = typeof node.content === 'string' ? encoded(node.content, node.getTransferEncoding()) : '';
  if (!node.multipart) return `${head}${body}`;
  const parts = node.childNodes.map((child) => `--${node.boundary}\r\n${partText(child)}\r\n`);
  return `${head}${body}${parts.join('')}${parts.length === 0 ? '\r\n' : ''}--${node.boundary}--\r\n`;
}

function encoded(content: string, encoding: string | false): string {
  if (encoding === 'quoted-printable') return wrapQuotedPrintable(toQuotedPrintable(content), 76);
  return encoding === 'base64' ? wrapBase64(toBase64(content), 76) : content;
}

function withCrlf(text: string): string {
  const ended = text.endsWith('\n') ? text : `${text}${text.endsWith('\r') ? '\n' : '\r\n'}`;
  return ended.replace(/(?<!\r)\n/g, '\r\n');
}
