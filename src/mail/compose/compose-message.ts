// One message as it goes on the wire (RFC 5322, CRLF): the same input gives the same bytes, on every try and in every replica.
import { createHash } from 'node:crypto';
import MailComposer from 'nodemailer/lib/mail-composer';
import { type MailAddress, parseAddress } from '../../api/mail-address.ts';
import type { RuleKind } from '../identity.ts';
import { buildMime } from './build-mime.ts';
import { headerText } from './header-text.ts';
import { type Sandbox, sandboxed } from './sandboxed.ts';
import { type MailThread, threadHeaders } from './thread-headers.ts';

export interface MessageParts {
  readonly subject: string;
  readonly text?: string | undefined;
  readonly html?: string | undefined;
}

export interface MessageToCompose extends MessageParts {
  /** `messageId(identity)`. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly date: number;
  readonly from: { readonly address: string; readonly name?: string | undefined };
  readonly replyTo?: string | undefined;
  readonly to: string;
  readonly ruleKind: RuleKind;
  /** Further ones, `X-…` only. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Mail programs show the mails of one thread together. */
  readonly thread?: MailThread | undefined;
  /** Marked as important. */
  readonly urgent?: boolean | undefined;
  /** The mail goes to another address, marked and without secrets. */
  readonly sandbox?: Sandbox | undefined;
}

export type ComposeResult =
  | {
      readonly kind: 'composed';
      readonly raw: Buffer;
      /** With its angle brackets. */
      readonly messageId: string;
      /** As it stands in the message. */
      readonly subject: string;
      /** The envelope recipient: the sandbox's where there is one. */
      readonly to: string;
      readonly needsSmtpUtf8: boolean;
    }
  | { readonly kind: 'invalid'; readonly message: string };

export async function composeMessage(message: MessageToCompose): Promise<ComposeResult> {
  const checked = checkedAddresses(message);
  if (checked.kind === 'invalid') return checked;
  const unfit = [message.id, message.thread?.root].find((id) => id !== undefined && !/^[0-9a-z-]{1,64}$/i.test(id));
  if (unfit !== undefined) {
    return { kind: 'invalid', message: `${JSON.stringify(unfit.slice(0, 64))} cannot stand in a Message-ID` };
  }
  const extra = extraHeaders(message.headers ?? {});
  if (extra.kind === 'invalid') return extra;
  const { from, replyTo, to, redirected } = checked;
  const parts = message.sandbox ? sandboxed(message, message.sandbox) : message;
  const subject = headerText(parts.subject, 255);
  const messageId = `<${message.id}@${from.domain}>`;
  const mail = new MailComposer({
    from: { name: headerText(message.from.name ?? '', 256), address: from.text },
    to: { name: '', address: to.text },
    ...(replyTo ? { replyTo: { name: '', address: replyTo.text } } : {}),
    subject,
    ...(parts.text === undefined ? {} : { text: parts.text }),
    ...(parts.html === undefined ? {} : { html: parts.html }),
    messageId,
    date: new Date(message.date),
    headers: {
      ...automatic(message.ruleKind),
      ...(message.thread ? threadHeaders(message.thread, from.domain) : {}),
      ...(message.urgent ? important : {}),
      ...extra.headers,
      ...realRecipient(redirected),
    },
    baseBoundary: boundary(message, parts),
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const raw = await buildMime(mail.compile());
  return {
    kind: 'composed',
    raw: raw.subarray(-2).equals(crlf) ? raw : Buffer.concat([raw, crlf]),
    messageId,
    subject,
    to: to.text,
    needsSmtpUtf8: [from, to, replyTo].some((address) => address?.needsSmtpUtf8),
  };
}

const crlf = Buffer.from('\r\n');

/** RFC 3834: no vacation notice answers this; the X header says so to Exchange. */
function automatic(ruleKind: RuleKind): Record<string, string> {
  return {
    'Auto-Submitted': 'auto-generated',
    'X-Auto-Response-Suppress': 'All',
    'X-Relaykeeper-Rule-Kind': ruleKind,
  };
}

/** Outlook reads the first, others the second. */
const important = { Importance: 'high', 'X-Priority': '1 (Highest)' } as const;

function realRecipient(address: MailAddress | undefined): Record<string, string> {
  return address ? { 'X-Relaykeeper-Real-Recipient': address.text } : {};
}

/** Made from the content, so that no content can hold it and end its own part. */
function boundary({ id, date }: MessageToCompose, { subject, text, html }: MessageParts): string {
  const content = JSON.stringify([id, date, subject, text ?? null, html ?? null]);
  return createHash('sha256').update(content).digest('hex').slice(0, 24);
}

type CheckedAddresses =
  | { readonly kind: 'invalid'; readonly message: string }
  | {
      readonly kind: 'checked';
      readonly from: MailAddress;
      readonly replyTo: MailAddress | undefined;
      readonly to: MailAddress;
      /** Whom it would have gone to without the sandbox. */
      readonly redirected: MailAddress | undefined;
    };

function checkedAddresses({ from, replyTo, to, sandbox }: MessageToCompose): CheckedAddresses {
  const parsed = [from.address, to, replyTo, sandbox?.redirectTo].map((text) =>
    text ? parseAddress(text) : undefined,
  );
  const invalid = parsed.find((address) => address?.kind === 'invalid');
  if (invalid?.kind === 'invalid') return invalid;
  const [sender, recipient, reply, sink] = parsed.map((address) => (address?.kind === 'address' ? address : undefined));
  if (!sender || !recipient) return { kind: 'invalid', message: 'a message needs a sender and a recipient' };
  if (sandbox && !sink) return { kind: 'invalid', message: 'sandbox.redirectTo is empty' };
  return { kind: 'checked', from: sender, replyTo: reply, to: sink ?? recipient, redirected: sink && recipient };
}

type ExtraHeaders =
  | { readonly kind: 'headers'; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'invalid'; readonly message: string };

function extraHeaders(headers: Readonly<Record<string, string>>): ExtraHeaders {
  const wrong = Object.keys(headers).find(
    (name) => !/^X-[a-z0-9-]{1,60}$/i.test(name) || /^X-(Relaykeeper|Auto)-/i.test(name),
  );
  if (wrong !== undefined) {
    return { kind: 'invalid', message: `header ${JSON.stringify(wrong.slice(0, 64))} may not be set; X-… headers may` };
  }
  const entries = Object.entries(headers).map(([name, value]) => [name, headerText(value, 900)]);
  return { kind: 'headers', headers: Object.fromEntries(entries) };
}
