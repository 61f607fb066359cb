// js-yaml's errors in words for the user. They may not repeat the text: it can be a password without quotes.
import { YAMLException } from 'js-yaml';

export interface YamlFault {
  /** Offset in the document's text. */
  readonly start: number;
  readonly message: string;
}

/** The fault that the exception tells of; undefined for any other exception. */
export function yamlFault(error: unknown, text: string): YamlFault | undefined {
  if (!(error instanceof YAMLException)) return undefined;
  const start = error.mark?.position ?? 0;
  return {
    start,
    message: tabIndents(text, start) ? 'a tab may not indent YAML; use spaces' : faultWords(error.reason),
  };
}

function tabIndents(text: string, position: number): boolean {
  const lineStart = Math.max(text.lastIndexOf('\n', position - 1), text.lastIndexOf('\r', position - 1)) + 1;
  return /^[ ]*\t/.test(text.slice(lineStart, position + 1));
}

function faultWords(reason: string): string {
  if (/duplicated mapping key/.test(reason)) return 'the key stands here a second time; a mapping holds a key once';
  if (/unknown .* tag|tag name cannot|undeclared tag/.test(reason)) {
    return 'the tag is not known; text that starts with ! must be in quotes';
  }
  if (/complex keys/.test(reason)) return 'a key must be text';
  if (/maxDepth/.test(reason)) return 'it nests more than 100 levels deep';
  if (/null byte|non-printable/.test(reason)) return 'it holds a control character that YAML does not allow';
  const safe = reason.replace(/"[^"]*"|'[^']{2,}'|!<[^>]*>/g, '…');
  return `it is not valid YAML: ${safe}`;
}
