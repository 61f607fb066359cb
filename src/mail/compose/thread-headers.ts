// The headers by which a mail program finds the thread that a message belongs to.
import { headerText } from './header-text.ts';

export interface MailThread {
  /** `messageId(identity)` of the thread's first mail to the same recipient; undefined in that mail itself. */
  readonly root: string | undefined;
  /** The subject without what changes from mail to mail. */
  readonly topic: string;
}

/** RFC 5322 §3.6.4. All refer to the first: it needs no memory of those between, and one that was lost breaks nothing. */
export function threadHeaders({ root, topic }: MailThread, domain: string): Record<string, string> {
  const first = root === undefined ? undefined : `<${root}@${domain}>`;
  // Outlook goes by the topic where the subjects differ; Gmail, as RFC 5256 §2.1, leaves out a prefix in brackets.
  return {
    ...(first ? { 'In-Reply-To': first, References: first } : {}),
    'Thread-Topic': headerText(topic, 200),
  };
}
