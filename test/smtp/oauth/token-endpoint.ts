// A real HTTPS server on 127.0.0.1 that plays a token endpoint, with answers by script.
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { createAuthority } from '../../../demo/authority.ts';

export interface Endpoint {
  readonly url: string;
  readonly port: number;
  /** PEM of the authority that issued its certificate. */
  readonly ca: string;
  /** The forms that were posted, in order. */
  readonly forms: readonly URLSearchParams[];
  readonly requests: readonly IncomingMessage[];
  /** How the next requests are answered; the last one stays. */
  answer(...answers: Answer[]): void;
  close(): Promise<void>;
}

export type Answer = (response: ServerResponse, form: URLSearchParams) => void;

export function json(status: number, body: object): Answer {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  };
}

export async function startEndpoint(): Promise<Endpoint> {
  const authority = await createAuthority({ name: 'Token test CA' });
  const { chainPem, privateKeyPem } = await authority.issue({ dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] });
  const forms: URLSearchParams[] = [];
  const requests: IncomingMessage[] = [];
  let script: Answer[] = [];

  const server = createServer({ cert: chainPem, key: privateKeyPem }, (request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const form = new URLSearchParams(body);
      forms.push(form);
      requests.push(request);
      const answer = script.length > 1 ? script.shift() : script[0];
      answer?.(response, form);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;

  return {
    url: `https://127.0.0.1:${port}/token`,
    port,
    ca: authority.certificatePem,
    forms,
    requests,
    answer(...answers) {
      script = answers;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
