// The texts of a mail in a ConfigMap: subject, text and html, and the same by locale (`text.de`).
import { isLocale } from '../locale.ts';
import type { ReferencedObject } from '../referenced-object.ts';

export function templateKeys({ data }: Pick<ReferencedObject, 'data'>): readonly string[] {
  return [...data.keys()].filter((key) => {
    const [part = '', ...locale] = key.split('.');
    const isPart = part === 'subject' || part === 'text' || part === 'html';
    return isPart && (locale.length === 0 || isLocale(locale.join('.')));
  });
}
