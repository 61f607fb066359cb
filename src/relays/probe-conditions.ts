// What one probe says about each part of the way: reached, encrypted, logged in, sender accepted, certificate valid.
import type { DesiredCondition } from '../api/conditions.ts';
import { stages } from '../api/reasons.ts';
import type { ProbeDepth, ProbeReport, SmtpRelaySpec } from '../api/smtp-relay.ts';

export function probeConditions(report: ProbeReport, spec: SmtpRelaySpec): DesiredCondition[] {
  return [
    reachable(report),
    encrypted(report, spec),
    ...certificateValid(report),
    ...authenticated(report, spec),
    ...senderAccepted(report, spec),
  ];
}

/** From shallow to deep; text, since reports may be of another version of this program. */
const depths: readonly string[] = ['Connect', 'Tls', 'Auth', 'Envelope', 'Message'];

type Part = 'Reachable' | 'Encrypted' | 'Authenticated' | 'SenderAccepted';
const partOfStage: Readonly<Record<(typeof stages)[number], Part>> = {
  Resolve: 'Reachable',
  Connect: 'Reachable',
  Greeting: 'Reachable',
  Ehlo: 'Reachable',
  StartTls: 'Encrypted',
  Tls: 'Encrypted',
  Token: 'Authenticated',
  Auth: 'Authenticated',
  Envelope: 'SenderAccepted',
  Data: 'SenderAccepted',
};
const parts: readonly Part[] = ['Reachable', 'Encrypted', 'Authenticated', 'SenderAccepted'];

/** How the probe fared at a part: `before` is one that was passed, `after` one that was not reached. */
function fared(part: Part, { failedStage }: ProbeReport): 'passed' | 'failed' | 'notReached' {
  const stage = stages.find((candidate) => candidate === failedStage);
  if (!stage) return 'passed';
  const failedPart = partOfStage[stage];
  if (failedPart === part) return 'failed';
  return parts.indexOf(part) < parts.indexOf(failedPart) ? 'passed' : 'notReached';
}

function reachable(report: ProbeReport): DesiredCondition {
  if (fared('Reachable', report) === 'failed') return { type: 'Reachable', status: 'False', ...because(report) };
  return {
    type: 'Reachable',
    status: 'True',
    reason: 'Connected',
    message: `A server answers at ${report.address ?? 'its address'}`,
  };
}

function encrypted(report: ProbeReport, { tls }: SmtpRelaySpec): DesiredCondition {
  const type = 'Encrypted';
  if (tls.mode === 'None') {
    return { type, status: 'False', reason: 'NotWanted', message: 'spec.tls.mode is None: mail travels in plain text' };
  }
  switch (fared('Encrypted', report)) {
    case 'failed':
      return { type, status: 'False', ...because(report) };
    case 'notReached':
      return notReached(type);
    case 'passed': {
      if (tlsOutOfDepth(report, tls.mode)) return notProbed(type, report);
      const { tls: seen } = report;
      if (!seen)
        return {
          type,
          status: 'False',
          reason: 'NotOffered',
          message: 'The server offers no STARTTLS, which mode Opportunistic tolerates',
        };
      if (seen.verified === false) {
        return {
          type,
          status: 'True',
          reason: 'Unverified',
          message: `${seen.protocol}; the server is not verified, which mode Opportunistic tolerates`,
        };
      }
      return { type, status: 'True', reason: 'Verified', message: `${seen.protocol}, ${seen.cipher}` };
    }
  }
}

/** A probe of depth Connect starts TLS only where the connection begins with it. */
function tlsOutOfDepth({ depth }: ProbeReport, mode: SmtpRelaySpec['tls']['mode']): boolean {
  return depth === 'Connect' && mode !== 'Implicit';
}

function certificateValid(report: ProbeReport): DesiredCondition[] {
  const type = 'CertificateValid';
  const { tls } = report;
  if (!tls?.notAfter) return [];
  if (tls.verified === false) {
    const failed = report.failedStage === 'Tls';
    const why = failed ? because(report) : { reason: 'Unverified', message: 'The certificate is not trusted' };
    return [{ type, status: 'False', ...why }];
  }
  const expiring = report.warnings?.find(({ reason }) => reason === 'CertificateExpiresSoon');
  if (expiring) return [{ type, status: 'False', ...expiring }];
  return [{ type, status: 'True', reason: 'Valid', message: `Valid until ${tls.notAfter}` }];
}

function authenticated(report: ProbeReport, { auth }: SmtpRelaySpec): DesiredCondition[] {
  const type = 'Authenticated';
  if (!auth) return [];
  switch (fared('Authenticated', report)) {
    case 'failed':
      return [{ type, status: 'False', ...because(report) }];
    case 'notReached':
      return [notReached(type)];
    case 'passed': {
      if (shallower(report, 'Auth')) return [notProbed(type, report)];
      const plain = report.warnings?.find(({ reason }) => reason === 'CredentialsUnencrypted');
      if (plain) return [{ type, status: 'True', ...plain }];
      return [
        { type, status: 'True', reason: 'Accepted', message: `Logged in with ${report.mechanism ?? 'the login'}` },
      ];
    }
  }
}

function senderAccepted(report: ProbeReport, { probe }: SmtpRelaySpec): DesiredCondition[] {
  const type = 'SenderAccepted';
  if (depths.indexOf(probe.depth) < depths.indexOf('Envelope')) return [];
  switch (fared('SenderAccepted', report)) {
    case 'failed':
      return [{ type, status: 'False', ...because(report) }];
    case 'notReached':
      return [notReached(type)];
    case 'passed': {
      if (shallower(report, 'Envelope')) return [notProbed(type, report)];
      const senders = report.senders?.map(({ address }) => address).join(', ');
      return [{ type, status: 'True', reason: 'Accepted', message: `The server accepts ${senders ?? 'the senders'}` }];
    }
  }
}

function because({ reason, message }: ProbeReport): { reason: string; message: string } {
  return { reason, message };
}

function notReached(type: Part): DesiredCondition {
  return { type, status: 'Unknown', reason: 'NotReached', message: 'The probe failed before this could be seen' };
}

function notProbed(type: Part, { depth }: ProbeReport): DesiredCondition {
  return { type, status: 'Unknown', reason: 'NotProbed', message: `A probe of depth ${depth} does not look at this` };
}

function shallower({ depth }: ProbeReport, than: ProbeDepth): boolean {
  return depths.indexOf(depth) < depths.indexOf(than);
}
