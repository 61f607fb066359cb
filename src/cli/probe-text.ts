// A probe's report for a person: each stage with its time and a tick or cross, what the server showed, then cause and remedy.
import { styleText } from 'node:util';
import { printable } from '../api/fit-status.ts';
import { stages } from '../api/reasons.ts';
import { durationOf, type ProbedCertificate, type ProbeReport } from '../api/smtp-relay.ts';

export interface ProbeTextOptions {
  /** What was probed, such as `mail.example.com:587, StartTls`. */
  readonly title: string;
  readonly verbose: boolean;
  readonly color: boolean;
}

export function probeText(report: ProbeReport, { title, verbose, color }: ProbeTextOptions): string {
  const paint: Paint = (style, text) => (color ? styleText(style, printable(text)) : printable(text));
  const sections = [
    [paint('bold', title), ...stageLines(report, paint)],
    certificateLines(report),
    list('Capabilities', report.capabilities),
    list('Senders', senderLines(report)),
    list(
      'Warnings',
      report.warnings?.map(({ reason, message }) => `${reason}: ${message}`),
    ),
    list('Transcript', verbose ? report.transcript : undefined),
    verdictLines(report, paint),
  ];
  return `${sections
    .filter((section) => section.length > 0)
    .map((section) => section.join('\n'))
    .join('\n\n')}\n`;
}

type Paint = (style: 'bold' | 'green' | 'red', text: string) => string;

function stageLines(report: ProbeReport, paint: Paint): string[] {
  const { durations, failedStage } = report;
  const lines = stages.flatMap((stage) => {
    const time = durations?.[durationOf[stage]];
    if (time === undefined && stage !== failedStage) return [];
    const mark = stage === failedStage ? paint('red', '\u2717') : paint('green', '\u2713');
    return [
      `  ${mark} ${stage.padEnd(9)} ${(time ?? '').padStart(7)}  ${printable(evidence(stage, report))}`.trimEnd(),
    ];
  });
  const refused = (report.addresses ?? []).filter(({ reason }) => reason !== undefined);
  const tried = refused.map(({ address, reason }) => `      ${printable(address)}: ${reason}`);
  return [...lines, ...(tried.length > 0 ? ['    also tried', ...tried] : [])];
}

function evidence(stage: (typeof stages)[number], { address, tls, mechanism }: ProbeReport): string {
  if (stage === 'Connect') return address ?? '';
  if (stage === 'Tls' && tls) return [tls.protocol, tls.cipher].filter(Boolean).join(' ');
  return stage === 'Auth' ? (mechanism ?? '') : '';
}

function certificateLines({ tls }: ProbeReport): string[] {
  if (!tls) return [];
  const names = tls.names?.length ? [`names: ${tls.names.join(', ')}`] : [];
  const lines = [...(tls.chain ?? []).flatMap(chainLine), ...names];
  return list(`Certificate chain${tls.verified === false ? ' (not trusted)' : ''}`, lines);
}

function chainLine({ subject, issuer, notBefore, notAfter, sha256 }: ProbedCertificate, index: number): string[] {
  const days = `${notBefore?.slice(0, 10)} to ${notAfter?.slice(0, 10)}`;
  return [`${index + 1}. ${subject}`, `   issued by ${issuer}, valid ${days}`, `   SHA-256 ${sha256}`];
}

function senderLines({ senders }: ProbeReport): string[] | undefined {
  return senders?.map(({ address, outcome, reply }) => [address, outcome, reply].filter(Boolean).join('  '));
}

function list(heading: string, items: readonly string[] | undefined): string[] {
  return items?.length ? [heading, ...items.map((item) => `  ${printable(item)}`)] : [];
}

function verdictLines({ outcome, failedStage, reason, message }: ProbeReport, paint: Paint): string[] {
  if (outcome === 'Succeeded') return [paint('green', message)];
  return [paint('red', `Failed at ${failedStage}: ${reason}`), printable(message)];
}
