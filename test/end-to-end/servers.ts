// Mail servers on loopback for the operator to probe: each counts its connections.
import { onTestFinished } from 'vitest';
import type { Authority } from '../../demo/authority.ts';
import { type HostileServer, type Peer, startHostileServer } from '../smtp/hostile-server.ts';
import { type MailScript, mailScript } from '../smtp/mail-script.ts';

export interface MailServer {
  readonly port: number;
  /** How many connections there have been so far. */
  connections(): number;
  /** From now on it behaves like this. */
  becomes(script: MailScript): void;
}

/** A mail server that behaves, but for what the script says; gone when the test ends. */
export async function startMailServer(script: MailScript = {}): Promise<MailServer> {
  let current = script;
  const server = await startScriptedServer((peer, connection) => mailScript(current)(peer, connection));
  return {
    port: server.port,
    connections: () => server.received.length,
    becomes: (next) => {
      current = next;
    },
  };
}

/** Behaves where the script gives nothing for a connection; gone when the test ends. */
export async function startScriptedServer(script: (peer: Peer, connection: number) => unknown): Promise<HostileServer> {
  const server = await startHostileServer(
    (peer, connection) => script(peer, connection) ?? mailScript()(peer, connection),
  );
  onTestFinished(() => server.stop());
  return server;
}

/** As `tls` of a script: a certificate for 127.0.0.1 by this authority. */
export async function serverCertificate(authority: Authority) {
  const { chainPem, privateKeyPem } = await authority.issue({ dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] });
  return { cert: chainPem, key: privateKeyPem };
}

/** The spec of a relay on a plain server here; probed once, then not again by itself for an hour. */
export function plainRelay(port: number, more: object = {}): object {
  return { host: '127.0.0.1', port, tls: { mode: 'None' }, probe: { interval: '1h', depth: 'Connect' }, ...more };
}
