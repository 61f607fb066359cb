// The name of a bundle's part says all that has to be known of it before it is read:
// `inbox-1795549642000-9f3a20cc-12-34567-1of1`: when it came, 12 requests, 34567 bytes in all parts, part 1 of 1.

export interface BundleHead {
  /** Sorts by time of arrival, then at random. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly arrivedAt: number;
  /** How many requests are in it. */
  readonly count: number;
  /** As stored. */
  readonly bytes: number;
  readonly parts: number;
}

export interface PartName extends BundleHead {
  /** From 1. */
  readonly part: number;
}

/** Fit for a file and for a Kubernetes object. */
export function partName({ id, count, bytes, parts }: BundleHead, part: number): string {
  return `inbox-${id}-${count}-${bytes}-${part}of${parts}`;
}

export function bundleId(arrivedAt: number, random: string): string {
  return `${String(arrivedAt).padStart(13, '0')}-${random}`;
}

/** Undefined for what is no part of a bundle. */
export function parsePartName(name: string): PartName | undefined {
  const found = pattern.exec(name)?.groups;
  if (!found) return undefined;
  const { id = '', time, count, bytes, part, parts } = found;
  return {
    id,
    arrivedAt: Number(time),
    count: Number(count),
    bytes: Number(bytes),
    part: Number(part),
    parts: Number(parts),
  };
}

const pattern =
  /^inbox-(?<id>(?<time>\d{13})-[0-9a-f]{8})-(?<count>[1-9]\d{0,5})-(?<bytes>\d{1,12})-(?<part>[1-9]\d{0,3})of(?<parts>[1-9]\d{0,3})$/;
