// Stage Connect: a TCP connection to the first address that answers.
import { type Conversation, failure, speakOver } from '../conversation.ts';
import type { Failure } from '../failure.ts';
import { type Attempt, type ConnectReason, connectFirst, worstReason } from '../network/connect.ts';
import { endpoint } from '../network/host-name.ts';

export async function connect(conversation: Conversation): Promise<Failure | undefined> {
  const { target, deps, usable } = conversation;
  const { port, connectionTimeout: timeout } = target;
  const { socket, attempts } = await connectFirst(usable, { port, timeout, signal: deps.signal });
  // The one that answered first: status shows eight at most.
  const told = [...attempts].sort((a, b) => Number(a.reason !== undefined) - Number(b.reason !== undefined));
  conversation.addresses = [
    ...told.map(({ address, reason }) => ({ address: endpoint(address, port), ...(reason ? { reason } : {}) })),
    ...conversation.addresses,
  ];
  if (!socket) return notConnected(conversation, attempts);
  conversation.address = attempts.find(({ reason }) => reason === undefined)?.address;
  speakOver(conversation, socket);
  return undefined;
}

function notConnected({ target }: Conversation, attempts: readonly Attempt[]): Failure {
  const reason = worstReason(attempts);
  const { port, connectionTimeout } = target;
  const tried = attempts.slice(0, 4).map((attempt) => {
    const words = attemptWords(attempt, connectionTimeout);
    return `${endpoint(attempt.address, port)} ${words}`;
  });
  const what = `No connection to ${endpoint(target.host, port)}: ${tried.join('; ') || 'the probe was stopped'}.`;
  return failure('Connect', reason, what, remedy(reason, port));
}

function attemptWords({ reason, code }: Attempt, timeout: number): string {
  switch (reason) {
    case 'ConnectionRefused':
      return 'refused the connection';
    case 'ConnectionTimedOut':
      return `did not answer within ${timeout / 1000} s`;
    case 'ConnectionReset':
      return 'reset the connection';
    default:
      return `cannot be reached (${code ?? 'no route'})`;
  }
}

function remedy(reason: ConnectReason, port: number): string | undefined {
  if (reason === 'ConnectionRefused')
    return `Nothing listens on port ${port}: check spec.port (${usualPorts(port)}) and that the server runs.`;
  if (reason !== 'ConnectionTimedOut') return undefined;
  const blocked = port === 25 ? 'many clouds and networks block port 25: try 587 with StartTls' : usualPorts(port);
  return `Check firewalls, NetworkPolicies and security groups for outbound TCP to port ${port} (${blocked}), and that the server runs.`;
}

function usualPorts(port: number): string {
  const usual = [
    { port: 587, use: '587 with tls.mode StartTls' },
    { port: 465, use: '465 with Implicit' },
    { port: 25, use: '25 between servers' },
  ];
  return `usual are ${usual
    .filter((one) => one.port !== port)
    .map(({ use }) => use)
    .join(', ')}`;
}
