// Makes a status fit its schema and the size that etcd and readers can bear, whatever a server said:
// strings and lists are cut to their maxima, unprintable characters are shown as \xNN, the whole is at most 16 KiB.
import crd from './generated/smtp-relay-crd.json' with { type: 'json' };
import type { ProbeReport, SmtpRelayStatus } from './smtp-relay.ts';

/** Bytes of JSON that a whole status may take. */
export const maxStatusBytes = 16_384;
const maxStringBytes = 1024;

interface Bounds {
  readonly maxLength?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Bounds>>;
  readonly items?: Bounds;
}

export function fitStatus(status: SmtpRelayStatus): SmtpRelayStatus {
  const fitted = cutToBounds(status, statusBoundsOf(crd)) as SmtpRelayStatus;
  return shrink(fitted);
}

/** The text without anything that could move a terminal's cursor or break a line: control characters as `\xNN`. */
export function printable(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/gu, (character) => {
    const code = character.charCodeAt(0);
    return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/**
 * At most `length` characters (Unicode code points, as the API server counts) and so many bytes of UTF-8;
 * what was cut is marked by an ellipsis.
 */
export function truncate(text: string, length: number, bytes: number = maxStringBytes): string {
  const points = [...text];
  if (points.length <= length && Buffer.byteLength(text) <= bytes) return text;
  const ellipsis = '…';
  let room = bytes - Buffer.byteLength(ellipsis);
  let kept = '';
  for (const point of points.slice(0, length - 1)) {
    room -= Buffer.byteLength(point);
    if (room < 0) break;
    kept += point;
  }
  return kept + ellipsis;
}

interface StatusCrd {
  readonly spec: {
    readonly versions: readonly {
      readonly schema: { readonly openAPIV3Schema: { readonly properties: { readonly status: unknown } } };
    }[];
  };
}

export function statusBoundsOf({ spec }: StatusCrd): Bounds {
  const schema = spec.versions[0]?.schema.openAPIV3Schema.properties.status;
  if (!schema) throw new Error('the schema has no status');
  return schema as Bounds;
}

/** Strings and lists cut to the schema's maxima, without what no terminal should print. */
export function cutToBounds(value: unknown, bounds: Bounds | undefined): unknown {
  if (typeof value === 'string') {
    return truncate(printable(value), bounds?.maxLength ?? maxStringBytes);
  }
  if (Array.isArray(value)) {
    return value.slice(0, bounds?.maxItems).map((item) => cutToBounds(item, bounds?.items));
  }
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, field]) => field !== undefined)
        .map(([name, field]) => [name, cutToBounds(field, bounds?.properties?.[name])]),
    );
  }
  return value;
}

/** Leaves out the least useful parts, one after the other, until the rest fits. */
function shrink(status: SmtpRelayStatus): SmtpRelayStatus {
  let fitted = status;
  for (const omit of omissions) {
    if (bytes(fitted) <= maxStatusBytes) break;
    fitted = omit(fitted);
  }
  return fitted;
}

type Omission = (status: SmtpRelayStatus) => SmtpRelayStatus;

const omissions: readonly Omission[] = [
  inReport('lastFailure', ({ transcript: _, ...report }) => report),
  inReport('lastProbe', ({ transcript: _, ...report }) => report),
  inReport('lastFailure', shortReport),
  inReport('lastProbe', shortReport),
  (status) => ({
    ...status,
    ...(status.conditions && {
      conditions: status.conditions.map((condition) => ({
        ...condition,
        message: truncate(condition.message, 256, 512),
      })),
    }),
  }),
];

function inReport(field: 'lastProbe' | 'lastFailure', change: (report: ProbeReport) => ProbeReport): Omission {
  return (status) => {
    const report = status[field];
    return report ? { ...status, [field]: change(report) } : status;
  };
}

function shortReport({ senders: _, capabilities: __, warnings, tls, message, ...report }: ProbeReport): ProbeReport {
  const { chain: ___, names: ____, ...leaf } = tls ?? {};
  return {
    ...report,
    message: truncate(message, 512, 768),
    ...(warnings && {
      warnings: warnings.slice(0, 4).map((warning) => ({ ...warning, message: truncate(warning.message, 128, 256) })),
    }),
    ...(tls && { tls: leaf }),
  };
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
