// Where a command reads and writes, and what kind of terminal that is.

export interface Io {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly stdin: NodeJS.ReadStream;
  readonly env: NodeJS.ProcessEnv;
}

/** Exit codes that every command keeps to. */
export const exitCodes = { succeeded: 0, failed: 1, unusable: 2 } as const;

/** Colours only for a person at a terminal who did not decline them (no-color.org). */
export function usesColor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && !env.NO_COLOR && env.TERM !== 'dumb';
}

/** An argument that cannot be used; the command ends with exit code 2 and this text. */
export class UnusableArgument extends Error {
  override readonly name = 'UnusableArgument';
}
