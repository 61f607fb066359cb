// The built-in mails in English.
import type { Design } from './design.ts';
import { alarm, alarmDigest, heldBack } from './en/alarms.ts';
import { credentials, password } from './en/credentials.ts';
import { digest } from './en/digest.ts';
import { reminder } from './en/reminders.ts';

export const english = {
  ...{ credentials, password, reminder, digest, alarm, alarmDigest, heldBack },
} satisfies Readonly<Record<string, Design>>;
