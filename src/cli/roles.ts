// What a replica may do: all of it unless it is pinned to some.
import { InvalidArgumentError } from 'commander';
import { nearestName } from '../api/validation/nearest-name.ts';
import { gather } from './parse-flag.ts';

export type Role = 'scheduler' | 'alarms' | 'probes' | 'webhook' | 'delivery';

const meanings: Readonly<Record<Role, string>> = {
  scheduler: 'reminders; held by one replica at a time (lease relaykeeper-scheduler)',
  alarms: 'alarm rules: grouping, and the mails that come of it; held by one (lease relaykeeper-alarms)',
  probes: 'probing all relays; held by one (lease relaykeeper-probes)',
  webhook: 'answering the alarm webhook (with --webhook-listen); every replica that has the role',
  delivery: 'sending what is in the outbox; every replica that has the role',
};

const allRoles = Object.keys(meanings) as readonly Role[];

/** For `run --help`. */
export function rolesHelp(): string {
  const lines = Object.entries(meanings).map(([role, meaning]) => `  ${role.padEnd(9)}  ${meaning}`);
  return [
    'Roles (--roles):',
    ...lines,
    'Every replica with another role than probes makes credentials mails: they are in the outbox once.',
  ].join('\n');
}

export function gatherRoles(text: string, before: readonly Role[] | undefined): readonly Role[] {
  const names = gather(text, before);
  if (names.length === 0) throw new InvalidArgumentError(`It must name roles: ${allRoles.join(', ')}.`);
  return names.map(roleOf);
}

function roleOf(name: string): Role {
  const role = allRoles.find((one) => one === name);
  if (role) return role;
  const nearest = nearestName(name, allRoles);
  const hint = nearest === undefined ? `there are: ${allRoles.join(', ')}` : `did you mean ${nearest}?`;
  throw new InvalidArgumentError(`There is no role "${name}"; ${hint}`);
}

/** Without the flag every one. */
export function hasRole(roles: readonly Role[] | undefined, role: Role): boolean {
  return roles === undefined || roles.includes(role);
}
