// For output that is no terminal: one line for each message that was sent, refused or dropped; its recipient masked.
import { timestamp } from '../api/conditions.ts';
import { printable } from '../api/fit-status.ts';
import { maskAddress } from '../api/mail-address.ts';
import { keyText } from '../api/resource.ts';
import type { Settled } from '../mail/delivery/deliverer.ts';
import { settledRecord } from '../policies/delivery-record.ts';
import { aboutText } from './explained-mail.ts';

/** Undefined where it is still to be tried. */
export function settledLine(event: Settled, now: number): string | undefined {
  const record = settledRecord(event, now);
  if (!record) return undefined;
  const { identity, outcome, relay, reason, reply, at } = record;
  const said = [relay, reason, reply].filter(Boolean).join(': ');
  const what = `mail ${keyText(identity.policy)} ${identity.rule} about ${aboutText(identity)}`;
  const line = `${what} to ${maskAddress(event.entry.envelope.to)} ${outcome}${said === '' ? '' : `: ${said}`}`;
  return `${timestamp(at)} ${printable(line)}`;
}
