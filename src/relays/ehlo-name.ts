// Which name a relay is greeted with (RFC 5321 section 4.1.1.1): never a bare pod name, never a loopback name,
// because strict servers refuse both.
import type { SmtpRelaySpec } from '../api/smtp-relay.ts';
import type { OperatorSettings } from './operator-settings.ts';

/** The first usable of spec.ehloName, --ehlo-name, the host's name and the sender's domain; undefined where none has a dot. */
export function ehloNameFor(
  spec: Pick<SmtpRelaySpec, 'ehloName' | 'sender'>,
  { ehloName, hostName }: Pick<OperatorSettings, 'ehloName' | 'hostName'>,
): string | undefined {
  if (spec.ehloName) return spec.ehloName;
  const senderDomain = spec.sender?.address.split('@').at(-1);
  return [ehloName, hostName, senderDomain].find((name) => name !== undefined && usable(name));
}

function usable(name: string): boolean {
  return (
    /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i.test(name) &&
    !/^[0-9.]+$/.test(name) &&
    !/(^|\.)(localhost|localdomain)(\.|$)/i.test(name)
  );
}
