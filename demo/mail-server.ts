// `npm run mail-server`: a mail server on this machine alone, for the tutorial. It shows what it gets and passes nothing on.
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { dump } from 'js-yaml';
import { simpleParser } from 'mailparser';
import { exitCodes } from '../src/cli/io.ts';
import { wholeNumber } from '../src/cli/parse-flag.ts';
import { shutdownSignal } from '../src/cli/shutdown.ts';
import { createAuthority } from './authority.ts';
import { type Listener, startSmtpListener } from './smtp-listener.ts';

const login = { username: 'guests@example.com', password: 'demo-password' };

await new Command('npm run mail-server --')
  .description('A mail server at 127.0.0.1 that shows what it gets, and passes nothing on. Ctrl-C ends it.')
  .argument('<dir>', 'where its CA is written, as ca.yaml: a Secret of the namespace "mail"')
  .option('--port <number>', 'the port; 0: one that is free', wholeNumber(0, 65_535), 2525)
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exitCodes.succeeded : exitCodes.unusable))
  .action(async (directory: string, { port }: { port: number }) => {
    process.exitCode = await serve(directory, port);
  })
  .parseAsync();

async function serve(directory: string, port: number): Promise<number> {
  const signal = shutdownSignal();
  const listener = await started(directory, port);
  if (typeof listener === 'string') {
    process.stderr.write(`error: ${listener}\n`);
    return exitCodes.failed;
  }
  process.stdout.write(
    `SMTP with STARTTLS at localhost:${listener.port}. User name ${login.username}, password ${login.password}.\n`,
  );
  if (!signal.aborted) await once(signal, 'abort');
  await listener.stop();
  return exitCodes.succeeded;
}

/** Or why it cannot be. */
async function started(directory: string, port: number): Promise<Listener | string> {
  const authority = await createAuthority({ name: 'Tutorial CA' });
  const certificate = await authority.issue({ dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] });
  try {
    const inbox = (message: Buffer) => void show(message);
    const listener = await startSmtpListener({ tls: { mode: 'StartTls', certificate }, login, inbox, port });
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'ca.yaml'), caManifest(authority.certificatePem));
    return listener;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function show(message: Buffer): Promise<void> {
  const { from, to, subject = '', text = '' } = await simpleParser(message);
  const recipients = [to ?? []].flat().map((one) => one.text);
  const head = `From: ${from?.text ?? ''}\nTo: ${recipients.join(', ')}\nSubject: ${subject}`;
  process.stdout.write(`\n${head}\n\n${text.trimEnd()}\n`);
}

function caManifest(pem: string): string {
  const metadata = { name: 'mail-ca', namespace: 'mail' };
  return dump({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', stringData: { 'ca.crt': pem } });
}
