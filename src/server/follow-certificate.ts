// Brings a new certificate into use without a restart; one that cannot be used leaves the one before in its place.
import { type CertificateFiles, type ReadCertificate, readCertificate } from './certificate-files.ts';

export interface CertificateFollower {
  readonly stop: () => void;
}

export interface FollowOptions {
  readonly files: CertificateFiles;
  /** What is in use. */
  readonly first: Extract<ReadCertificate, { kind: 'certificate' }>;
  readonly every: number;
  readonly use: (certificate: { readonly cert: Buffer; readonly key: Buffer }) => void;
  /** Once for each problem, and with undefined once there is none any more or a new certificate is in use. */
  readonly tell: (problem: string | undefined) => void;
}

export function followCertificate({ files, first, every, use, tell }: FollowOptions): CertificateFollower {
  let used = first;
  let problem: string | undefined;
  let stopped = false;
  let timer = setTimeout(look, every).unref();

  async function look(): Promise<void> {
    const found = await readCertificate(files);
    if (stopped) return;
    if (found.kind === 'unusable') {
      if (problem !== found.message) tell(found.message);
      problem = found.message;
    } else if (problem !== undefined || !isSame(found, used)) {
      use(found);
      used = found;
      problem = undefined;
      tell(undefined);
    }
    timer = setTimeout(look, every).unref();
  }

  return {
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

interface Pair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

function isSame(one: Pair, other: Pair): boolean {
  return one.cert.equals(other.cert) && one.key.equals(other.key);
}
