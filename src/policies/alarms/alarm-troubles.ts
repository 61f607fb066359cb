// Tells of what does not work once, and again once it does.
import { errorText } from '../../api/error-text.ts';
import type { Log } from '../../relays/relay-deps.ts';

export interface Troubles {
  /** Undefined where the work rejects, which is told. */
  guard<Result>(subject: string, work: () => Promise<Result>): Promise<Result | undefined>;
  /** A message while it lasts. */
  tell(subject: string, message: string | undefined): void;
}

export function createTroubles(log: Log): Troubles {
  const told = new Map<string, string>();

  function tell(subject: string, message: string | undefined): void {
    const before = told.get(subject);
    if (before === message) return;
    if (message === undefined) {
      told.delete(subject);
      log.info({}, `alarms: it is over that ${subject}`);
      return;
    }
    told.set(subject, message);
    log.error({}, `alarms: ${subject}: ${message}`);
  }

  return {
    tell,
    async guard(subject, work) {
      try {
        const result = await work();
        tell(subject, undefined);
        return result;
      } catch (error) {
        tell(subject, errorText(error));
        return undefined;
      }
    },
  };
}
