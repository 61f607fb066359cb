// The target that the flags of `probe --host` describe. Loads nothing that the cluster or the schema would need.

import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { errorText } from '../api/error-text.ts';
import { caCertificates } from '../api/references/ca-certificates.ts';
import type { SmtpRelaySpec } from '../api/smtp-relay.ts';
import { makeTarget, type TargetParts, type TargetSettings } from '../relays/make-target.ts';
import { type Io, UnusableArgument } from './io.ts';
import type { ProbeFlags } from './probe-command.ts';
import type { NamedTarget } from './probe-target.ts';

type HostFlags = ProbeFlags & { readonly host: string };

export async function targetFromFlags(flags: HostFlags, settings: TargetSettings, io: Io): Promise<NamedTarget> {
  const depth = flags.depth ?? 'Auth';
  checkFlags(flags, depth);
  const login = await loginFrom(flags, io);
  const { trusted, odd } = await trustedIn(flags.ca);
  const parts: TargetParts = {
    trustedCertificates: trusted,
    trustedFrom: flags.ca && `--ca ${flags.ca}`,
    clientCertificate: undefined,
    login: login && { ...login, secret: { kind: 'password', password: login.password } },
    warnings: odd,
  };
  const spec = specOf(flags, depth);
  const target = makeTarget(spec, { parts, settings, held: undefined });
  const host = isIP(target.host) === 6 ? `[${target.host}]` : target.host;
  return { kind: 'target', title: `${host}:${target.port}, ${spec.tls.mode}`, target, depth, warnings: parts.warnings };
}

function checkFlags(
  { host, from, to, username, passwordFile, passwordStdin, mechanism }: HostFlags,
  depth: string,
): void {
  if (/[\s/@]|:\/\//.test(host) || /^[^:]*:\d+$/.test(host)) {
    throw new UnusableArgument(`--host ${host}: give a host name or IP address alone; the port goes with --port`);
  }
  if ((depth === 'Envelope' || depth === 'Message') && !(from && to)) {
    throw new UnusableArgument(`--depth ${depth} needs --from and --to`);
  }
  const password = passwordFile !== undefined || passwordStdin;
  if (username !== undefined && !password) {
    throw new UnusableArgument('--username needs --password-file or --password-stdin');
  }
  if (username === undefined && (password || mechanism)) {
    throw new UnusableArgument('--password-file, --password-stdin and --mechanism need --username');
  }
}

/** The flags in the words of a spec, so that both ways lead to the same target. */
function specOf(flags: HostFlags, depth: SmtpRelaySpec['probe']['depth']): SmtpRelaySpec {
  const { host, port, ca, serverName, ehloName, username, mechanism, from, to } = flags;
  return {
    host,
    ...(port !== undefined && { port }),
    addressFamily: 'Any',
    connectionTimeout: `${flags.timeout ?? 10_000}ms`,
    deliveryTimeouts: { command: '5m', dataEnd: '10m' },
    ...(ehloName !== undefined && { ehloName }),
    tls: {
      mode: flags.tls ?? 'StartTls',
      minVersion: 'TLS1.2',
      includeSystemRoots: ca === undefined,
      ...(serverName !== undefined && { serverName }),
    },
    ...(username !== undefined && {
      auth: { mechanism: mechanism ?? 'Auto', allowUnencrypted: flags.allowUnencrypted ?? false },
    }),
    ...(from !== undefined && { sender: { address: from } }),
    limits: { maxConnections: 1, messagesPerMinute: 0, maxRecipientsPerMessage: 1 },
    allowedNamespaces: { from: 'Same' },
    sandbox: {},
    probe: {
      interval: '5m',
      depth,
      failureThreshold: 1,
      certificateWarningDays: 21,
      ...(to !== undefined && { recipient: to }),
    },
    suspend: false,
  };
}

async function trustedIn(file: string | undefined) {
  if (file === undefined) return { trusted: [], odd: [] };
  const bytes = await readGiven('--ca', file);
  const place = { kind: 'ConfigMap', name: file, fieldPath: '--ca' } as const;
  const checked = caCertificates({ resourceVersion: '', type: '', data: new Map([['ca', bytes]]) }, 'ca', place);
  if (checked.kind === 'unusable') throw new UnusableArgument(`--ca ${file}: no usable PEM certificates in it`);
  return { trusted: checked.value, odd: checked.warnings };
}

async function loginFrom({ username, passwordFile, passwordStdin }: HostFlags, io: Io) {
  if (username === undefined) return undefined;
  const raw = passwordStdin ? await readAll(io) : (await readGiven('--password-file', passwordFile ?? '')).toString();
  const password = raw.replace(/\r?\n$/, '');
  if (password === '') throw new UnusableArgument('the password is empty');
  return {
    username,
    password,
    from: passwordStdin ? '--username and --password-stdin' : `--username and --password-file ${passwordFile}`,
  };
}

async function readGiven(flag: string, file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (error) {
    throw new UnusableArgument(`${flag} ${file} cannot be read: ${errorText(error)}`);
  }
}

async function readAll({ stdin }: Io): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString();
}
