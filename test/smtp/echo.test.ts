// A server that says back what it was sent in a login, whole, decoded or cut: nothing of it is shown anywhere.
import { afterEach, describe, expect, test } from 'vitest';
import type { TargetAuth } from '../../src/smtp/relay-target.ts';
import { type HostileServer, startHostileServer } from './hostile-server.ts';
import { runProbe, tokenSource } from './probing.ts';

let server: HostileServer | undefined;
afterEach(async () => {
  await server?.stop();
});

const accessToken = 'tok-AAAABBBBCCCCDDDDEEEEFFFF-0123456789';
const password = 'correct-horse-battery-staple';
const token = {
  tokenUrl: 'https://x.example',
  scopes: [],
  from: 'Secret "oauth"',
  grant: { kind: 'ClientCredentials', clientId: 'c', clientSecret: 'sssssssss' },
} as const;

interface Case {
  readonly name: string;
  readonly auth: Partial<TargetAuth>;
  readonly mechanism: string;
  readonly challenges: readonly string[];
}

const cases: readonly Case[] = [
  { name: 'XOAUTH2', auth: { secret: { kind: 'oauth2', token } }, mechanism: 'XOAUTH2', challenges: [] },
  { name: 'PLAIN', auth: {}, mechanism: 'PLAIN', challenges: [] },
  { name: 'LOGIN', auth: {}, mechanism: 'LOGIN', challenges: ['VXNlcm5hbWU6', 'UGFzc3dvcmQ6'] },
  {
    name: 'CRAM-MD5',
    auth: { mechanism: 'CramMd5' },
    mechanism: 'CRAM-MD5',
    challenges: [Buffer.from('<1896.697170952@postoffice.example>').toString('base64')],
  },
];

const visible = (text: string) => text.replace(/[^\x20-\x7e]/g, ' ');
const decoded = (line: string) => Buffer.from(line, 'base64').toString('latin1');

const echoes: readonly { readonly how: string; readonly said: (line: string) => string }[] = [
  { how: 'as it was sent', said: (line) => line },
  { how: 'decoded', said: (line) => visible(decoded(line)) },
  { how: 'the last part of it decoded', said: (line) => visible(decoded(line)).trim().split(' ').at(-1) ?? '' },
  { how: 'without its end', said: (line) => line.slice(0, -9) },
  { how: 'without its beginning', said: (line) => line.slice(9) },
  { how: 'where a line of the transcript is cut', said: (line) => `${'.'.repeat(150)}${line}` },
  { how: 'where a message is cut', said: (line) => `${'.'.repeat(480)}${line}` },
  { how: 'in hexadecimal', said: (line) => Buffer.from(line, 'base64').toString('hex') },
];

const rows = cases.flatMap((one) => echoes.map((echo) => ({ ...one, ...echo, title: `${one.name}, ${echo.how}` })));

describe('what a server says back of', () => {
  test.each(rows)('$title is not shown', async ({ auth, mechanism, challenges, said }) => {
    let sent = '';
    server = await startHostileServer(async (peer) => {
      peer.send('220 hello\r\n');
      await peer.line();
      peer.send(`250-mx\r\n250 AUTH ${mechanism}\r\n`);
      sent = (await peer.line()) ?? '';
      for (const challenge of challenges) {
        peer.send(`334 ${challenge}\r\n`);
        sent = (await peer.line()) ?? '';
      }
      sent = sent.split(' ').at(-1) ?? '';
      peer.send(`535 5.7.8 refused ${said(sent)} you see\r\n`);
      peer.end();
    });
    const tokens = tokenSource({ kind: 'token', accessToken });
    const asked = {
      username: 'me@x.example',
      secret: { kind: 'password', password },
      allowUnencrypted: true,
      ...auth,
    } as const;
    const report = await runProbe({ depth: 'Auth', auth: asked, port: server.port, deps: { tokens } });
    expect(report.reason).toBe('AuthenticationFailed');
    expect(report.message).toContain('refused');
    const all = JSON.stringify(report);
    const words = [sent, ...visible(decoded(sent)).split(' ')].filter(
      (word) => word.length > 8 && !/me@x|auth=/.test(word),
    );
    expect(words).not.toEqual([]);
    const inHex = Buffer.from(words.at(-1) ?? '', 'latin1').toString('hex');
    for (const word of [...words, inHex]) {
      for (const piece of [word, word.slice(0, 12), word.slice(-12)]) expect(all).not.toContain(piece);
    }
  });

  test('a long reply is not shown by half where it is cut in the result of a sender', async () => {
    server = await startHostileServer(async (peer) => {
      peer.send('220 hello\r\n');
      await peer.line();
      peer.send('250-mx\r\n250 AUTH PLAIN\r\n');
      await peer.line();
      peer.send('235 welcome\r\n');
      await peer.line();
      peer.send(`550 5.7.1 ${'.'.repeat(232)} ${password}\r\n`);
      peer.end();
    });
    const asked = { secret: { kind: 'password', password }, allowUnencrypted: true } as const;
    const report = await runProbe({ depth: 'Envelope', auth: asked, port: server.port });
    expect(report.senders?.[0]?.reply).toContain('550 5.7.1');
    expect(JSON.stringify(report)).not.toContain(password.slice(0, 6));
  });
});
