// The built-in mails in German.

import { alarm, alarmDigest, heldBack } from './de/alarms.ts';
import { credentials, password } from './de/credentials.ts';
import { digest } from './de/digest.ts';
import { reminder } from './de/reminders.ts';
import type { Design } from './design.ts';

export const german = {
  ...{ credentials, password, reminder, digest, alarm, alarmDigest, heldBack },
} satisfies Readonly<Record<string, Design>>;
