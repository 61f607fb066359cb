import { describe, expect, test } from 'vitest';
import type { Key } from '../../src/api/resource.ts';
import { type ChainRelay, type RelayChain, relayChain } from '../../src/policies/relay-chain.ts';

const policy: Key = { namespace: 'mail', name: 'guests' };

function relay(name: string, more: Partial<ChainRelay> = {}): ChainRelay {
  return {
    key: { namespace: 'mail', name },
    allowedNamespaces: { from: 'Same' },
    suspended: false,
    ready: ready('True'),
    ...more,
  };
}

function ready(status: 'True' | 'False' | 'Unknown'): NonNullable<ChainRelay['ready']> {
  const reason = status === 'True' ? 'Succeeded' : 'ConnectionRefused';
  return { type: 'Ready', status, reason, message: `says ${status}`, lastTransitionTime: '2026-01-01T00:00:00Z' };
}

function chain(relays: readonly ChainRelay[], namespaceLabels: Record<string, string> = {}): RelayChain {
  const [first, ...others] = relays.map(({ key }) => key);
  return relayChain(
    { relayRef: first ?? { name: 'missing' }, fallbackRelayRefs: others },
    {
      policy,
      namespaceLabels,
      find: (key) => relays.find((one) => one.key.name === key.name && one.key.namespace === key.namespace),
    },
  );
}

describe('RelayReady', () => {
  const abroad = { namespace: 'relays', name: 'shared' };
  const cases: readonly [string, readonly ChainRelay[], string][] = [
    ['is True where the relay is Ready', [relay('one')], 'True RelayReady'],
    [
      'is True with UsingFallback where the first is not',
      [relay('one', { ready: ready('False') }), relay('two')],
      'True UsingFallback',
    ],
    [
      'takes a suspended relay for one that is not ready',
      [relay('one', { suspended: true }), relay('two')],
      'True UsingFallback',
    ],
    [
      'is False where none is Ready',
      [relay('one', { ready: ready('False') }), relay('two', { ready: ready('Unknown') })],
      'False NoRelayReady',
    ],
    ['is Unknown before the first probe', [relay('one', { ready: undefined })], 'Unknown NoRelayReady'],
  ];
  test.each(cases)('%s', (_, relays, said) => {
    const found = chain(relays);
    expect(found.kind === 'resolved' && `${found.condition.status} ${found.condition.reason}`).toBe(said);
  });

  const references: readonly [string, readonly ChainRelay[], Record<string, string>, string][] = [
    ['to nothing is RelayNotFound', [], {}, 'spec.relayRef RelayNotFound'],
    [
      'into another namespace is not allowed unless the relay says so',
      [relay('one'), relay('', { key: abroad })],
      {},
      'spec.fallbackRelayRefs[0] ReferenceNotAllowed',
    ],
    ['is allowed by All', [relay('', { key: abroad, allowedNamespaces: { from: 'All' } })], {}, 'resolved'],
    [
      'is allowed by a selector of the labels that the namespace has',
      [selected(abroad)],
      { team: 'guests' },
      'resolved',
    ],
    [
      'is refused by a selector of other labels',
      [selected(abroad)],
      { team: 'other' },
      'spec.relayRef ReferenceNotAllowed',
    ],
  ];
  test.each(references)('a reference %s', (_, relays, labels, said) => {
    const found = chain(relays, labels);
    expect(found.kind === 'resolved' ? 'resolved' : `${found.violation.fieldPath} ${found.violation.reason}`).toBe(
      said,
    );
  });
});

function selected(key: Key): ChainRelay {
  return relay('', { key, allowedNamespaces: { from: 'Selector', selector: { matchLabels: { team: 'guests' } } } });
}
