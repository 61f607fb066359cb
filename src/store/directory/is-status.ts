// Whether a value is a status by the schema: what anyone may have written into a status file is believed only then.
import { isObject } from '../../api/json.ts';
import { relaySchema } from '../../api/schema.ts';
import type { SmtpRelayStatus } from '../../api/smtp-relay.ts';
import { compileSchema, type SchemaCheck } from '../../api/validation/schema-violations.ts';

export function isStatus(value: unknown): value is SmtpRelayStatus {
  return isObject(value) && objectCheck()({ status: value }).length === 0;
}

let compiled: SchemaCheck | undefined;

/** Compiled when first needed: that takes milliseconds. */
function objectCheck(): SchemaCheck {
  const { status } = relaySchema.properties ?? {};
  compiled ??= compileSchema({ type: 'object', ...(status && { properties: { status } }) });
  return compiled;
}
