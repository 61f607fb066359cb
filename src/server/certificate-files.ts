// The server's certificate and key: read and tried before they are used, and read anew when their files change. Files are
// looked at now and then: a volume's `..data` swap (Kubernetes) escapes watches that follow one inode.

import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { errorText } from '../api/error-text.ts';

export interface CertificateFiles {
  readonly certFile: string;
  readonly keyFile: string;
}

export type ReadCertificate =
  | { readonly kind: 'certificate'; readonly cert: Buffer; readonly key: Buffer }
  /** A sentence that names the file. */
  | { readonly kind: 'unusable'; readonly message: string };

export async function readCertificate({ certFile, keyFile }: CertificateFiles): Promise<ReadCertificate> {
  const cert = await read(certFile);
  if (cert.kind === 'unusable') return cert;
  const key = await read(keyFile);
  if (key.kind === 'unusable') return key;
  try {
    createSecureContext({ cert: cert.content, key: key.content });
  } catch (error) {
    const why = errorText(error);
    return {
      kind: 'unusable',
      message: `The certificate in ${certFile} and the key in ${keyFile} cannot be used together: ${why}.`,
    };
  }
  return { kind: 'certificate', cert: cert.content, key: key.content };
}

async function read(
  file: string,
): Promise<{ readonly kind: 'file'; readonly content: Buffer } | Extract<ReadCertificate, { kind: 'unusable' }>> {
  try {
    return { kind: 'file', content: await readFile(file) };
  } catch (error) {
    return { kind: 'unusable', message: `${file} cannot be read: ${error instanceof Error ? error.message : error}.` };
  }
}
