// Names of time zones (IANA), as far as this Node's tables know them.

/** Offsets such as +02:00 are none: they know no daylight saving, and a schedule needs to. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+/-]*$/.test(name)) return false;
  const known = zones.get(name) ?? formats(name);
  zones.set(name, known);
  return known;
}

/** What is wrong with it, as a clause; undefined where it can be used. */
export function timeZoneFault(name: string): string | undefined {
  return isTimeZone(name) ? undefined : 'must be an IANA time zone such as Europe/Berlin or Etc/UTC';
}

const zones = new Map<string, boolean>();

function formats(name: string): boolean {
  // Names come from tenants: what is remembered stays bounded.
  if (zones.size > 2_000) zones.clear();
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    // RangeError is how Intl says that it knows no such zone.
    return false;
  }
}
