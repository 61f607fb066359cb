// nodemailer's pool alone: messages ready to send, no outbox, no ledger.
import { createTransport } from 'nodemailer';
import type { Letter } from '../letter.ts';

export interface NodemailerPool {
  readonly sendAll: (letters: readonly Letter[]) => Promise<void>;
  readonly stop: () => void;
}

export function startNodemailerPool(port: number, connections: number): NodemailerPool {
  const pool = createTransport({
    pool: true,
    host: '127.0.0.1',
    port,
    secure: false,
    ignoreTLS: true,
    name: 'client.example.com',
    maxConnections: connections,
    maxMessages: Number.POSITIVE_INFINITY,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async sendAll(letters) {
      const sent = await Promise.all(
        letters.map(({ from, to, raw }) => pool.sendMail({ envelope: { from, to }, raw })),
      );
      if (sent.some(({ accepted }) => accepted.length !== 1)) throw new Error('nodemailer did not send all');
    },
    stop: () => pool.close(),
  };
}
