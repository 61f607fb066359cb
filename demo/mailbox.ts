// What a mail server of the demo got, and how it is shown.
import { simpleParser } from 'mailparser';
import type { Inbox } from './smtp-listener.ts';

export interface Mailbox {
  readonly receive: Inbox;
  /** The first message; undefined where none came in time, or the signal came first. */
  first(options: { readonly within: number; readonly signal: AbortSignal }): Promise<Buffer | undefined>;
}

export function createMailbox(): Mailbox {
  const arrival = Promise.withResolvers<Buffer>();
  return {
    receive: (message) => arrival.resolve(message),
    async first({ within, signal }) {
      const enough = AbortSignal.any([signal, AbortSignal.timeout(within)]);
      const given = Promise.withResolvers<undefined>();
      const giveUp = () => given.resolve(undefined);
      if (enough.aborted) giveUp();
      enough.addEventListener('abort', giveUp, { once: true });
      return Promise.race([arrival.promise, given.promise]);
    },
  };
}

/** Who it is from and to, its subject, and its text part: as it is, since the account is a demo's. */
export async function shownMail(message: Buffer): Promise<string> {
  const { from, to, subject, text = '' } = await simpleParser(message);
  const recipients = [to ?? []].flat().map((one) => one.text);
  const head = [`From: ${from?.text ?? ''}`, `To: ${recipients.join(', ')}`, `Subject: ${subject ?? ''}`];
  const lines = [...head, '', ...text.trimEnd().split('\n')].map((line) => `  | ${line}`.trimEnd());
  return ['An account was added; its mail has arrived at the server of the relay "starttls":', '', ...lines].join('\n');
}
