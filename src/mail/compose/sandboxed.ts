// What a sandbox makes of a mail: it says that it is one, and holds no secret any more.
import type { MessageParts } from './compose-message.ts';

export interface Sandbox {
  readonly redirectTo: string;
  /** Passwords and one-time links that may stand in the mail; a template may have changed or repeated them. */
  readonly secrets: readonly string[];
}

/** Stands in the place of a password. */
const redacted = '[redacted]';

export function sandboxed({ subject, text, html }: MessageParts, { secrets }: Sandbox): MessageParts {
  const hide = (body: string | undefined) => body && hidden(body, secrets);
  return { subject: `[sandbox] ${hide(subject)}`, text: hide(text), html: hide(html) };
}

/** In any of the forms that a template can give it: as it is, in capitals, escaped for HTML or a URL, its spaces joined. */
function hidden(body: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => [secret, htmlEscaped(secret), encodeURIComponent(secret.toWellFormed())]);
  const longestFirst = [...new Set(forms)].filter((form) => form.trim() !== '').sort((a, b) => b.length - a.length);
  if (longestFirst.length === 0) return body;
  const patterns = longestFirst.map((form) => form.trim().split(/\s+/).map(literally).join('\\s+'));
  return body.replace(new RegExp(patterns.join('|'), 'giu'), redacted);
}

/** As the engine of templates escapes. */
function htmlEscaped(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&#34;',
    "'": '&#39;',
  };
  return text.replace(/[&<>"']/g, (character) => names[character] ?? character);
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}
