// Which dead messages an Event tells of: the first of a rule and reason at once, then at most one a minute with the number of
// those since. A server that refuses a hundred thousand mails is told of, and not a hundred thousand times.
import { keyText } from '../api/resource.ts';
import type { Settled } from '../mail/delivery/deliverer.ts';
import { ruleId } from '../mail/identity.ts';
import type { DroppedMails } from './drop-event.ts';
import { maskedReply } from './masked-reply.ts';

export type RefusalNews = (event: Settled, now: number) => DroppedMails | undefined;

const atMostEvery = 60_000;

export function createRefusalNews(): RefusalNews {
  const told = new Map<string, { at: number; untold: number }>();
  return ({ entry, settlement, relay }, now) => {
    if (settlement.kind !== 'dead') return undefined;
    const { ruleKind, rule } = entry.identity;
    const id = `${ruleId(ruleKind, rule)} ${settlement.reason}`;
    const before = told.get(id);
    if (before && now - before.at < atMostEvery && now >= before.at) {
      before.untold += 1;
      return undefined;
    }
    told.set(id, { at: now, untold: 0 });
    const { attempt } = settlement;
    const refusal = [relay && keyText(relay), attempt && maskedReply(attempt.reply, entry)].filter(Boolean).join(': ');
    return { entry, count: 1 + (before?.untold ?? 0), reason: settlement.reason, said: undefined, refusal };
  };
}
