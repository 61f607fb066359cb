// Every reason that a server or a network can cause, each by one that really behaves so.
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { reasons, stages } from '../../src/api/reasons.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { startDnsServer } from './dns-server.ts';
import { startHostileServer } from './hostile-server.ts';
import { runProbe } from './probing.ts';
import { connectCases } from './reasons/connect.ts';
import { loginCases } from './reasons/login.ts';
import { mailCases } from './reasons/mail.ts';
import type { World } from './reasons/reason-case.ts';
import { resolveCases } from './reasons/resolve.ts';
import { talkCases } from './reasons/talk.ts';
import { tlsCases } from './reasons/tls.ts';

const cases = [...resolveCases, ...connectCases, ...talkCases, ...tlsCases, ...loginCases, ...mailCases];

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

describe('a probe that fails says why and what to do', () => {
  test.each(cases)('$reason: $name', async ({ reason, stage, says, advises, ask, also }) => {
    const report = await runProbe(await ask(world()));
    expect(report).toMatchObject({ outcome: 'Failed', reason, failedStage: stage });
    expect(report.message).toMatch(says);
    expect(report.message).toMatch(advises);
    expect(Buffer.byteLength(report.message)).toBeLessThanOrEqual(1024);
    also?.(report);
  });
});

test('no reason of a stage of the probe is left out', () => {
  const places: readonly string[] = [...stages, 'Conversation'];
  const wanted = Object.entries(reasons).flatMap(([reason, { at }]) => (places.includes(at) ? [reason] : []));
  const seen = new Set<string>(cases.map(({ reason }) => reason));
  expect(wanted.filter((reason) => !seen.has(reason))).toEqual([]);
});
