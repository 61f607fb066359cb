// Makes the one description of a relay that probe and delivery work from.
import { parseDuration } from '../api/duration.ts';
import type { ProbeWarning, SmtpRelaySpec, TlsMode } from '../api/smtp-relay.ts';
import type { RelayTarget, TargetAuth, TargetTls } from '../smtp/relay-target.ts';
import { ehloNameFor } from './ehlo-name.ts';
import type { OperatorSettings } from './operator-settings.ts';
import type { Effective } from './verdict.ts';

/** What the referenced Secrets and ConfigMaps came to. */
export interface TargetParts {
  readonly trustedCertificates: readonly string[];
  readonly trustedFrom: string | undefined;
  readonly clientCertificate: TargetTls['clientCertificate'];
  readonly login: Pick<TargetAuth, 'username' | 'secret' | 'from'> | undefined;
  /** PEM; of delivery alone, which signs with it. */
  readonly dkimKey?: string;
  /** What is odd about the references but no failure. */
  readonly warnings: readonly Readonly<ProbeWarning>[];
}

export type TargetSettings = Pick<OperatorSettings, 'ehloName' | 'hostName' | 'deniedCidrs'>;

export function makeTarget(
  spec: SmtpRelaySpec,
  { parts, settings, held }: { parts: TargetParts; settings: TargetSettings; held: TargetAuth['held'] },
): RelayTarget {
  const { auth, sender, tls } = spec;
  const envelopeFrom = sender?.envelopeFrom || sender?.address;
  return {
    host: spec.host,
    port: portOf(spec),
    addressFamily: spec.addressFamily,
    connectionTimeout: parseDuration(spec.connectionTimeout) ?? 30_000,
    deliveryTimeouts: {
      command: parseDuration(spec.deliveryTimeouts.command) ?? 300_000,
      dataEnd: parseDuration(spec.deliveryTimeouts.dataEnd) ?? 600_000,
    },
    ehloName: ehloNameFor(spec, settings),
    tls: {
      mode: tls.mode,
      trustedCertificates: parts.trustedCertificates,
      trustedFrom: parts.trustedFrom,
      includeSystemRoots: includesSystemRoots(spec),
      serverName: tls.serverName || undefined,
      minVersion: tls.minVersion === 'TLS1.3' ? 'TLSv1.3' : 'TLSv1.2',
      pinnedSha256: tls.pinnedSha256 ?? [],
      clientCertificate: parts.clientCertificate,
    },
    auth:
      auth && parts.login
        ? { ...parts.login, mechanism: auth.mechanism, allowUnencrypted: auth.allowUnencrypted, held }
        : undefined,
    senders: envelopeFrom ? [envelopeFrom] : [],
    recipient: spec.probe.recipient || undefined,
    certificateWarningDays: spec.probe.certificateWarningDays,
    addressRule: { deniedCidrs: settings.deniedCidrs },
  };
}

/** What absent fields came to, for `status.effective`. */
export function effectiveOf(spec: SmtpRelaySpec, settings: TargetSettings): Effective {
  const port = portOf(spec);
  const ehloName = ehloNameFor(spec, settings);
  return {
    endpoint: spec.host.includes(':') ? `[${spec.host}]:${port}` : `${spec.host}:${port}`,
    port,
    tlsMode: spec.tls.mode,
    ...(ehloName !== undefined && { ehloName }),
    ...(spec.tls.mode !== 'None' && { includeSystemRoots: includesSystemRoots(spec) }),
  };
}

const defaultPorts: Readonly<Record<TlsMode, number>> = { None: 25, Opportunistic: 25, StartTls: 587, Implicit: 465 };

/** The port follows the mode where it is absent; the mode never follows the port. */
export function portOf({ port, tls }: Pick<SmtpRelaySpec, 'port' | 'tls'>): number {
  return port ?? defaultPorts[tls.mode];
}

function includesSystemRoots({ tls }: SmtpRelaySpec): boolean {
  return tls.includeSystemRoots ?? !(tls.caSecretRef || tls.caConfigMapRef);
}
