// An account: a Secret of type relaykeeper.dev/account, as mails show it.

export const accountSecretType = 'relaykeeper.dev/account';
/** guest, internal or admin. */
export const accountLabel = 'relaykeeper.dev/account';

/** What is known of an account without its password; times in milliseconds since the epoch. */
export interface Account {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Changes with anything in the Secret. */
  readonly resourceVersion: string;
  readonly createdAt: number;
  readonly username: string;
  readonly email: string;
  readonly firstName: string | undefined;
  readonly lastName: string | undefined;
  readonly mobileNumber: string | undefined;
  readonly validFrom: number | undefined;
  readonly validTo: number | undefined;
  readonly passwordExpiresAt: number | undefined;
  readonly sponsorEmail: string | undefined;
  readonly personBeingVisited: string | undefined;
  readonly reasonForVisit: string | undefined;
  readonly locale: string | undefined;
  readonly timeZone: string | undefined;
  readonly oneTimeLink: string | undefined;
  /** HMAC(operator's key, password), base64: tells a changed password without keeping it. */
  readonly passwordMark: string;
}
