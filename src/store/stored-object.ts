// One of Relaykeeper's own objects as a store has it: what StoredRelay and StoredPolicy have in common.
import type { ObjectMeta } from '../api/resource.ts';

export interface StoredObject<Status> {
  readonly metadata: ObjectMeta & {
    readonly uid: string;
    readonly generation: number;
    readonly resourceVersion: string;
  };
  readonly manifest: unknown;
  readonly status: Status | undefined;
}
