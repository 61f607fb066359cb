// A look-up that gives addresses that were found, and judged, before: what is connected to is what was looked at.
import { isIPv6, type LookupFunction } from 'node:net';

/** Node asks for one address or, to try both families, for all. */
export function fixedLookup(addresses: readonly string[]): LookupFunction {
  const all = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
  return (_host, { all: wantsAll }, callback) => {
    const [first] = all;
    if (wantsAll || !first) callback(null, all);
    else callback(null, first.address, first.family);
  };
}
