// Which mail provider or server software answers, as far as host name and replies show it, and its own remedies.
import type { Reason } from '../api/reasons.ts';

export type Provider = 'Microsoft365' | 'Google' | 'AmazonSes' | 'Exchange' | 'Postfix' | 'Exim';

/** `replies` are texts of the conversation, the greeting first. The host name counts for more than what is said. */
export function recognizeProvider({
  host,
  replies,
}: {
  host: string;
  replies: readonly string[];
}): Provider | undefined {
  const name = host.toLowerCase().replace(/\.$/, '');
  const byHost = hosts.find(({ pattern }) => pattern.test(name));
  if (byHost) return byHost.provider;
  return banners.find(({ pattern }) => replies.some((reply) => pattern.test(reply)))?.provider;
}

/** What that provider asks for, more exact than the table's remedy; undefined where it is no different. */
export function providerRemedy(provider: Provider, reason: Reason): string | undefined {
  return remedies[provider][reason];
}

const hosts: readonly { readonly pattern: RegExp; readonly provider: Provider }[] = [
  { pattern: /(^|\.)smtp\.(office365\.com|azurecomm\.net|partner\.outlook\.cn)$/, provider: 'Microsoft365' },
  {
    pattern: /(^|\.)(smtp-mail\.outlook\.com|mail\.protection\.(outlook\.com|partner\.outlook\.cn))$/,
    provider: 'Microsoft365',
  },
  { pattern: /\.mx\.microsoft$|\.outlook\.com$|\.office365\.us$/, provider: 'Microsoft365' },
  { pattern: /(^|\.)(smtp|smtp-relay|aspmx\.l|gmail-smtp-in\.l)\.(gmail|google|googlemail)\.com$/, provider: 'Google' },
  { pattern: /^email-smtp(-fips)?\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/, provider: 'AmazonSes' },
];

/** The order matters: Microsoft 365 greets with Exchange's words too. */
const banners: readonly { readonly pattern: RegExp; readonly provider: Provider }[] = [
  {
    pattern: /\.(outlook|office365|exchangelabs)\.com\b.*Microsoft ESMTP|\.prod\.outlook\.com\b/i,
    provider: 'Microsoft365',
  },
  { pattern: /\bgsmtp\b|\bmx\.google\.com ESMTP|smtp(-relay)?\.g(mail|oogle)\.com\b/i, provider: 'Google' },
  {
    pattern: /\bemail-smtp\.(amazonaws\.com|[a-z0-9-]+\.amazonaws\.com)|ESMTP SimpleEmailService/i,
    provider: 'AmazonSes',
  },
  { pattern: /Microsoft ESMTP MAIL Service/i, provider: 'Exchange' },
  { pattern: /ESMTP Postfix\b/i, provider: 'Postfix' },
  { pattern: /ESMTP Exim\b/i, provider: 'Exim' },
];

const remedies: Readonly<Record<Provider, Readonly<Partial<Record<Reason, string>>>>> = {
  Microsoft365: {},
  Google: {},
  AmazonSes: {},
  Exchange: {},
  Postfix: {},
  Exim: {},
};
