// Listening, and why it cannot be.
import { once } from 'node:events';
import type { Server } from 'node:http';

export interface ListenAddress {
  readonly address: string;
  readonly port: number;
}

/** A sentence where `who` cannot listen. */
export async function listenAt(
  server: Server,
  { address, port }: ListenAddress,
  who: string,
): Promise<string | undefined> {
  try {
    await once(server.listen(port, address), 'listening');
    return undefined;
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException;
    return `${who} cannot listen at ${endpoint(address, port)}: ${listenFaults[code] ?? message}.`;
  }
}

const listenFaults: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program does',
  EADDRNOTAVAIL: 'this machine has no such address',
  EACCES: 'this user may not use the port; take one above 1023',
};

function endpoint(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
