// The log of an operator on a cluster: lines of JSON (pino's levels: 30 is info), or text for a person at a terminal. Its
// level can be changed while it runs.
import { type DestinationStream, pino } from 'pino';
import { type LogFields, writableFields } from '../../api/log-fields.ts';
import type { Log } from '../../relays/relay-deps.ts';
import { type Io, usesColor } from '../io.ts';
import type { LogFormat, LogLevel } from './log-flags.ts';
import { prettyLine } from './pretty-line.ts';

export interface OperatorLog extends Log {
  debug(fields: LogFields, message: string): void;
  /** From the level that was given to debug, and back. */
  toggleDebug(): void;
}

export interface LogOptions {
  readonly level: LogLevel;
  /** Absent: pretty on a terminal, JSON elsewhere. */
  readonly format?: LogFormat | undefined;
  readonly io: Pick<Io, 'stdout' | 'env'>;
}

export function createLog({ level, format, io }: LogOptions): OperatorLog {
  const isPretty = (format ?? (io.stdout.isTTY ? 'pretty' : 'json')) === 'pretty';
  const options = {
    base: null,
    level,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { log: fieldsOf },
  };
  const log = isPretty ? pino(options, prettyOutput(io)) : pino(options, io.stdout);
  return {
    debug: (fields, message) => log.debug(fields, message),
    info: (fields, message) => log.info(fields, message),
    warn: (fields, message) => log.warn(fields, message),
    error: (fields, message) => log.error(fields, message),
    toggleDebug() {
      const next = log.level === 'debug' ? (level === 'debug' ? 'info' : level) : 'debug';
      log.level = 'info';
      log.info({}, `the log level is ${next} from now on`);
      log.level = next;
    },
  };
}

/** With namespace and name as fields of their own, by which logs are searched. */
function fieldsOf(given: object): Record<string, unknown> {
  const fields = writableFields(given);
  const [namespace, name, ...more] = String(fields.relay ?? fields.policy ?? '').split('/');
  return { ...fields, ...(name !== undefined && more.length === 0 && { namespace, name }) };
}

function prettyOutput({ stdout, env }: LogOptions['io']): DestinationStream {
  const color = usesColor(stdout, env);
  return { write: (line) => stdout.write(prettyLine(line, color)) };
}
