// The address of --to, as it is compared and sent to.
import { parseAddress } from '../api/mail-address.ts';
import { UnusableArgument } from './io.ts';

export function recipientOf({ to }: { readonly to: string }): string {
  const parsed = parseAddress(to);
  if (parsed.kind === 'invalid') throw new UnusableArgument(`--to: ${parsed.message}`);
  return parsed.text;
}
