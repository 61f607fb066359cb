// A policy as its mails need it: with its relays, its sender and its texts, or why it has none.
import { isObject } from '../api/json.ts';
import { parsePolicy } from '../api/validate-policy.ts';
import { type PolicyScene, readPolicy } from '../policies/read-policy.ts';
import type { RelayBook } from '../policies/relay-book.ts';
import { createCheckTemplate } from '../policies/rule-templates.ts';
import type { PolicyStore, StoredPolicy } from '../store/policy-store.ts';

/** A sentence. */
export interface Failed {
  readonly kind: 'failed';
  readonly message: string;
}

export interface SceneDeps {
  readonly store: PolicyStore;
  readonly book: RelayBook;
}

export async function usableScene(
  stored: StoredPolicy,
  deps: SceneDeps,
): Promise<{ readonly kind: 'usable'; readonly scene: PolicyScene } | Failed> {
  // A suspended policy can be looked at, and tested, all the same.
  const reading = await readPolicy(stored, parsePolicy(unsuspended(stored.manifest)), {
    ...deps,
    checkTemplate: createCheckTemplate(),
  });
  switch (reading.kind) {
    case 'usable':
      return reading;
    case 'unavailable':
      return failed(reading.message);
    case 'suspended':
      return failed('The policy is suspended (spec.suspend).');
    case 'rejected':
    case 'unresolved':
      return failed(`${reading.violation.fieldPath}: ${reading.violation.message}`);
  }
}

function unsuspended(manifest: unknown): unknown {
  if (!isObject(manifest) || !isObject(manifest.spec)) return manifest;
  return { ...manifest, spec: { ...manifest.spec, suspend: false } };
}

function failed(message: string): Failed {
  return { kind: 'failed', message };
}
