// Stands for an API server with many accounts: lists Secrets page by page as kube-apiserver does, and nothing else.
// Run as a process of its own, so that its memory is not ours: node bench/accounts/server.ts COUNT; sends its port.
import { createServer, type ServerResponse } from 'node:http';

const count = Number(process.argv[2]);

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (searchParams.get('watch') === 'true') return void response.writeHead(200).flushHeaders();
  const isAccounts =
    pathname.endsWith('/secrets') && searchParams.get('fieldSelector') === 'type=relaykeeper.dev/account';
  if (!isAccounts) return list(response, [], '');
  const from = Number(searchParams.get('continue') ?? 0);
  const end = Math.min(count, from + Number(searchParams.get('limit')));
  const page = Array.from({ length: end - from }, (_, i) => accountSecret(from + i));
  list(response, page, end < count ? String(end) : '');
}).listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  process.send?.(address.port);
});
process.on('disconnect', () => process.exit());

function list(response: ServerResponse, items: readonly object[], next: string): void {
  const metadata = { resourceVersion: '1000000000', continue: next };
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ items, metadata }));
}

/** As a portal would create it with kubectl, every key filled in. */
function accountSecret(i: number): object {
  const values = {
    username: `guest-${i}`,
    password: `${i}-Xk29!fbbT-${i}`,
    email: `guest-${i}@example.com`,
    firstName: `First${i}`,
    lastName: `Last${i}`,
    mobileNumber: `+49 170 ${i}`,
    validFrom: '2026-01-01T08:00:00Z',
    validTo: '2027-03-01T08:00:00Z',
    sponsorEmail: `sponsor-${i % 500}@example.com`,
    personBeingVisited: `Sponsor ${i % 500}`,
    reasonForVisit: 'Meeting',
    locale: 'de',
    timeZone: 'Europe/Berlin',
  };
  const data = Object.fromEntries(Object.entries(values).map(([key, text]) => [key, encoded(text)]));
  return {
    metadata: {
      name: `guest-${i}`,
      namespace: `site-${i % 50}`,
      uid: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`,
      resourceVersion: String(1_000 + i),
      creationTimestamp: '2026-01-01T08:00:00Z',
      labels: { 'relaykeeper.dev/account': i % 10 === 0 ? 'internal' : 'guest', site: `site-${i % 50}` },
      annotations: { 'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify({ data }) },
      managedFields: [{ manager: 'kubectl', operation: 'Update', fieldsV1: { 'f:data': fields(data) } }],
    },
    type: 'relaykeeper.dev/account',
    data,
  };
}

function encoded(text: string): string {
  return Buffer.from(text).toString('base64');
}

function fields(data: object): object {
  return Object.fromEntries(Object.keys(data).map((key) => [`f:${key}`, {}]));
}
