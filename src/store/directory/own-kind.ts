// The kinds that have a status file, and what a status of each is: what anyone may have written into the file is
// believed only as far as the schema allows.
import { isObject } from '../../api/json.ts';
import { type NotificationPolicyStatus, policyKind } from '../../api/notification-policy.ts';
import { policySchema, relaySchema, type Schema } from '../../api/schema.ts';
import { relayApiVersion, relayKind, type SmtpRelayStatus } from '../../api/smtp-relay.ts';
import { compileSchema, type SchemaCheck } from '../../api/validation/schema-violations.ts';
import type { OwnKindName } from './declared-object.ts';

export interface OwnKind<Status> {
  readonly apiVersion: string;
  readonly kind: OwnKindName;
  isStatus(value: unknown): value is Status;
}

export const relays: OwnKind<SmtpRelayStatus> = {
  apiVersion: relayApiVersion,
  kind: relayKind,
  isStatus: statusCheck<SmtpRelayStatus>(relaySchema),
};

export const policies: OwnKind<NotificationPolicyStatus> = {
  apiVersion: relayApiVersion,
  kind: policyKind,
  isStatus: statusCheck<NotificationPolicyStatus>(policySchema),
};

/** Compiled when first needed: that takes milliseconds. */
function statusCheck<Status>({ properties }: Schema): (value: unknown) => value is Status {
  const { status } = properties ?? {};
  let compiled: SchemaCheck | undefined;
  return (value): value is Status => {
    compiled ??= compileSchema({ type: 'object', ...(status && { properties: { status } }) });
    return isObject(value) && compiled({ status: value }).length === 0;
  };
}
