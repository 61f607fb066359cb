// Which of two versions of one object is the newer. Kubernetes 1.35 made comparing them official (KEP-5504); etcd's
// revision, which it always was, grows beyond what a number holds exactly.

/** Versions that are no decimal numbers cannot be ordered: then any difference counts as newer. */
export function isNewer(candidate: string, than: string): boolean {
  if (!decimal.test(candidate) || !decimal.test(than)) return candidate !== than;
  return BigInt(candidate) > BigInt(than);
}

const decimal = /^[0-9]+$/;
