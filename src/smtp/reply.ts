// One SMTP reply (RFC 5321 section 4.2), as the rooms of the conversation pass it around.

export interface Reply {
  readonly code: number;
  /** Enhanced status code (RFC 3463), such as `5.7.1`, where the text starts with one. */
  readonly enhancedCode: string | undefined;
  /** The text of each line, without codes; unprintable bytes as `\xNN`. */
  readonly lines: readonly string[];
}

/** The whole reply on one line, for messages: `535 5.7.8 Authentication failed`. */
export function replyText({ code, enhancedCode, lines }: Reply): string {
  return [String(code), enhancedCode, lines.join(' ')].filter((part) => part !== undefined && part !== '').join(' ');
}
