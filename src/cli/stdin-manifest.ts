// What is given on standard input in place of a manifest file: bounded, as a file is.
import { mostManifestBytes } from '../api/manifest/read-manifests.ts';
import { decodedManifest, type ManifestText } from '../store/directory/read-manifest.ts';

/** As the user would name it. */
export const stdinName = 'standard input';

export async function readStdin(
  stdin: AsyncIterable<Buffer | string>,
): Promise<Exclude<ManifestText, { kind: 'gone' }>> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stdin) {
    const buffer = Buffer.from(chunk);
    bytes += buffer.length;
    if (bytes > mostManifestBytes) {
      return { kind: 'failed', message: 'It is more than 4 MiB; at most 4 MiB are read.' };
    }
    chunks.push(buffer);
  }
  return decodedManifest(Buffer.concat(chunks));
}
