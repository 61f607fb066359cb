// Probe and delivery take the same steps: whatever a server, a network or a spec can get wrong, both stop at the same
// stage with the same reason, and where the probe succeeds a session opens.
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { ProbeReport } from '../../../src/api/smtp-relay.ts';
import { openSession } from '../../../src/smtp/session/open-session.ts';
import { type Certificates, makeCertificates, served } from '../certificates.ts';
import { startDnsServer } from '../dns-server.ts';
import { startHostileServer } from '../hostile-server.ts';
import { mailScript } from '../mail-script.ts';
import { type Asked, makeTarget, runProbe } from '../probing.ts';
import { connectCases } from '../reasons/connect.ts';
import { loginCases } from '../reasons/login.ts';
import type { World } from '../reasons/reason-case.ts';
import { resolveCases } from '../reasons/resolve.ts';
import { talkCases } from '../reasons/talk.ts';
import { tlsCases } from '../reasons/tls.ts';
import { sessionDeps } from './sending.ts';

let certificates: Certificates;
const stops: (() => Promise<void>)[] = [];

beforeAll(async () => {
  certificates = await makeCertificates();
});

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const world = (): World => ({
  certificates,
  after: (stop) => stops.push(stop),
  async serve(script) {
    const server = await startHostileServer(script);
    stops.push(server.stop);
    return server;
  },
  async resolve(zone) {
    const server = await startDnsServer(zone);
    stops.push(server.stop);
    return { dnsServers: [server.address] };
  },
});

/** `stage reason`, or `open`. */
async function sessionOutcome({ depth: _depth, deps = {}, ...wanted }: Asked): Promise<string> {
  const opened = await openSession(makeTarget(wanted), sessionDeps(deps));
  if (opened.kind === 'failed') return `${opened.failure.stage} ${opened.failure.reason}`;
  await opened.session.close();
  return 'open';
}

function probeOutcome({ outcome, failedStage, reason }: ProbeReport): string {
  return outcome === 'Succeeded' ? 'open' : `${failedStage} ${reason}`;
}

const cases = [...resolveCases, ...connectCases, ...talkCases, ...tlsCases, ...loginCases];

describe('a session fails as the probe does', () => {
  test.each(cases)('$reason: $name', async ({ reason, stage, ask }) => {
    expect(await sessionOutcome(await ask(world()))).toBe(`${stage} ${reason}`);
  });
});

const modes = ['None', 'Opportunistic', 'StartTls', 'Implicit'] as const;
const servers = ['plain', 'STARTTLS', 'implicit TLS'] as const;
const trusts = ['right CA', 'wrong CA'] as const;
const mechanisms = ['no login', 'Auto', 'Plain', 'Login', 'CramMd5'] as const;

const combinations = modes
  .flatMap((mode) =>
    servers.flatMap((server) =>
      trusts.flatMap((trust) => mechanisms.map((mechanism) => ({ mode, server, trust, mechanism }))),
    ),
  )
  // Where the server waits for TLS nothing else matters, and each costs the whole wait for its greeting, twice.
  .filter((one) => !isSilent(one) || (one.trust === 'right CA' && ['no login', 'Auto'].includes(one.mechanism)));

function isSilent({ mode, server }: { mode: string; server: string }): boolean {
  return server === 'implicit TLS' && mode !== 'Implicit';
}

describe('what the spec says and what the server does, each with each', () => {
  test.each(combinations)(
    'mode $mode, $server server, $trust, $mechanism',
    async ({ mode, server, trust, mechanism }) => {
      const { ca, stranger, good } = certificates;
      const script = mailScript({
        capabilities: ['AUTH PLAIN LOGIN'],
        ...(server === 'plain' ? {} : { tls: served(good) }),
        implicit: server === 'implicit TLS',
        on: { AUTH: (line) => (line.startsWith('AUTH LOGIN') ? '334 VXNlcm5hbWU6\r\n' : '235 2.7.0 welcome\r\n') },
        otherwise: loginAnswers(),
      });
      const { port } = await world().serve(script);
      const asked: Asked = {
        port,
        connectionTimeout: isSilent({ mode, server }) ? 1_500 : 15_000,
        tls: { mode, trustedCertificates: [(trust === 'right CA' ? ca : stranger).certificatePem] },
        ...(mechanism === 'no login' ? {} : { auth: { mechanism } }),
      };
      const report = await runProbe({ ...asked, depth: 'Auth' });
      expect(await sessionOutcome(asked)).toBe(probeOutcome(report));
    },
  );

  test.each(['client.example.com', 'pod-7f9c', undefined])('EHLO name %s at a strict server', async (ehloName) => {
    const ehlo = (line: string) => (line.includes('.') ? '250 mx.example.com\r\n' : '504 5.5.2 need a full name\r\n');
    const { port } = await world().serve(mailScript({ on: { EHLO: ehlo, HELO: ehlo } }));
    const report = await runProbe({ port, ehloName, depth: 'Auth' });
    expect(await sessionOutcome({ port, ehloName })).toBe(probeOutcome(report));
    expect(probeOutcome(report)).toBe(ehloName === 'pod-7f9c' ? 'Ehlo EhloRejected' : 'open');
  });
});

/** The second prompt of AUTH LOGIN, then the welcome; for each of several logins. */
function loginAnswers(): () => string {
  let answers = 0;
  return () => {
    answers += 1;
    return answers % 2 === 1 ? '334 UGFzc3dvcmQ6\r\n' : '235 2.7.0 welcome\r\n';
  };
}
