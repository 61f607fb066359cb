// The ledger's faults as sentences: what cannot be remembered is tried again, and nothing is sent on a guess.
import { errorText } from '../api/error-text.ts';
import type { Ledger, LedgerRecord } from '../mail/ledger.ts';

/** Afterwards it knows what other replicas sent; a sentence where they cannot be asked. */
export async function refreshed({ ledger }: { readonly ledger: Ledger }): Promise<string | undefined> {
  try {
    await ledger.refresh();
    return undefined;
  } catch (error) {
    return `What was sent before cannot be read: ${words(error)}`;
  }
}

/** A sentence where they could not be kept. */
export async function remember(
  records: readonly LedgerRecord[],
  { ledger }: { readonly ledger: Ledger },
): Promise<string | undefined> {
  const results = await Promise.allSettled(records.map((record) => ledger.add(record)));
  const failed = results.find((result) => result.status === 'rejected');
  return failed && words(failed.reason);
}

function words(error: unknown): string {
  return errorText(error);
}
