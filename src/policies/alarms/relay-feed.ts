// This operator's own alarms: the relays of the policy's namespace, and those that the policy sends through.
import { relayAlarms, type SeenRelay } from '../../alarms/intake/relay-alarms.ts';
import { keyOf, keyText } from '../../api/resource.ts';
import { chainKeys } from '../delivery-relays.ts';
import type { AlarmTools } from './alarm-tools.ts';
import type { SourceRule } from './open-rule-sources.ts';
import type { RuleSources } from './rule-sources.ts';

export function openRelays({ policy }: SourceRule, tools: AlarmTools): RuleSources {
  let news = true;
  let dueAt: number | undefined;

  function relays(): readonly SeenRelay[] {
    const spec = tools.specs(policy);
    const chain = new Set(typeof spec === 'object' ? chainKeys(spec, policy).map(keyText) : []);
    return tools.book.all().flatMap(({ metadata }) => {
      const key = keyOf({ metadata });
      return key.namespace === policy.namespace || chain.has(keyText(key)) ? seenRelay(key) : [];
    });
  }

  function seenRelay(key: { readonly namespace: string; readonly name: string }): SeenRelay[] {
    const known = tools.book.find(key);
    const status = tools.relays.get(key)?.status;
    return [{ ...key, status, certificateWarningDays: known?.relay.spec.probe.certificateWarningDays ?? usually }];
  }

  return {
    drain(book, now) {
      // Until the policy was looked at, its relays may not be listed yet.
      if (!tools.isLookedAt(policy) || !(news || (dueAt !== undefined && dueAt <= now))) return false;
      news = false;
      const looked = relayAlarms(relays(), { now });
      dueAt = looked.nextAt;
      book.replaceSource('relays', looked.alarms, now);
      return true;
    },
    nextAt: () => dueAt,
    takeChanges: () => new Map(),
    problems: () => [],
    lookAgain() {
      news = true;
    },
    close: () => undefined,
  };
}

/** Of one whose spec cannot be used. */
const usually = 21;
