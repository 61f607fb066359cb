// A port that usually means another TLS mode than the spec's: told, never acted on (the mode is not guessed from the port).
import type { ProbeWarning } from '../api/smtp-relay.ts';
import type { RelayTarget } from './relay-target.ts';

export function unusualPort({ port, tls }: Pick<RelayTarget, 'port' | 'tls'>): ProbeWarning | undefined {
  const usual = usualModes[port];
  if (!usual || usual.includes(tls.mode)) return undefined;
  return {
    reason: 'UnusualPort',
    message: `Port ${port} usually goes with spec.tls.mode ${usual.join(' or ')}, here it is ${tls.mode}; the server answered all the same.`,
  };
}

const usualModes: Readonly<Record<number, readonly RelayTarget['tls']['mode'][]>> = {
  25: ['None', 'Opportunistic', 'StartTls'],
  465: ['Implicit'],
  587: ['StartTls', 'Opportunistic', 'None'],
};
