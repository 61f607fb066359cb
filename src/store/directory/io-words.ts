// What the operating system said, as words for a message.

const words: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EDQUOT: 'the disk quota is used up',
  EIO: 'the device reports an input/output error',
  EISDIR: 'it is a directory',
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'it does not exist',
  ENOSPC: 'no space left on the device',
  ENOTDIR: 'a part of its path is no directory',
  EPERM: 'the operation is not permitted',
  EROFS: 'the file system is read-only',
};

/** `permission denied (EACCES)`; the path is left to the caller's sentence. */
export function ioWords(error: unknown): string {
  const code = ioCode(error);
  if (code === undefined) return String(error);
  return Object.hasOwn(words, code) ? `${words[code]} (${code})` : code;
}

/** The error's code, such as `ENOENT`; undefined for what no system call raised. */
export function ioCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
