// Host names that may be internationalized (IDNA, RFC 5890): what CEL cannot check, since it needs Unicode's tables.
import { isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { goQuote } from './validation/go-text.ts';

/** What is wrong with an internationalized name, in the form of the API server's messages; undefined for every other name. */
export function internationalNameFault(name: string): string | undefined {
  if (!/[^\p{ASCII}]/u.test(name)) return undefined;
  const ascii = domainToASCII(name);
  const fault = (what: string) => `Invalid value: ${goQuote(name)}: ${what}`;
  if (ascii === '') return fault('must be a valid internationalized domain name (IDNA)');
  // Full-width digits and dots become plain ones: what looks like a name would be an address.
  if (isIP(ascii) !== 0) return fault(`must not be another spelling of the IP address ${ascii}; write ${ascii}`);
  if (ascii.replace(/\.$/, '').length > 253) return fault('must be at most 253 characters in its ASCII form (xn--…)');
  if (ascii.split('.').some((label) => label.length > 63)) {
    return fault('must have labels of at most 63 characters in their ASCII form (xn--…)');
  }
  return /^[a-z0-9.-]+$/i.test(ascii) ? undefined : fault('must be a valid internationalized domain name (IDNA)');
}
