// What a plan rests on beside what it is about: how old a rule is, and what may be seen at all.
import { expect, test } from 'vitest';
import { parsePolicy } from '../../src/api/validate-policy.ts';
import { planRules } from '../../src/policies/plan-rules.ts';
import type { PolicyDeps } from '../../src/policies/policy-deps.ts';
import type { PolicyScene } from '../../src/policies/read-policy.ts';
import type { RuleOutcome } from '../../src/policies/rule-outcome.ts';
import { createTemplateFor, templatesOf } from '../../src/policies/rule-templates.ts';

const noon = Date.UTC(2026, 10, 24, 12);
const older = { kind: 'Credentials' as const, name: 'older-rule', since: '2026-01-01T00:00:00Z' };
const rule = { name: 'new-rule', password: 'Omit', selector: {} };

test('an account made after its rule is mailed, though the status could not be written in between', async () => {
  const world = planning();
  await world.plan([older], noon);
  world.accounts.push(anna(noon + 5_000));
  await world.plan([older], noon + 10_000);
  expect(world.accepted).toHaveLength(1);
});

test('an account older than its rule is remembered only once the status says since when the rule is there', async () => {
  const world = planning();
  world.accounts.push(anna(noon - 3_600_000));
  const { rules } = await world.plan([older], noon);
  expect(world.remembered.size).toBe(0);
  await world.plan([older, { ...older, ...pick(rules[0]) }], noon + 10_000);
  expect(world.remembered.size).toBe(2);
  expect(world.accepted).toEqual([]);
});

test('an account older than its rule is remembered by the replica that reminds alone', async () => {
  const world = planning({ mayRemind: () => false });
  world.accounts.push(anna(noon - 3_600_000));
  await world.plan([{ ...older, name: 'new-rule', since: new Date(noon).toISOString() }], noon);
  expect(world.remembered.size).toBe(0);
});

test('a rule that is taken out and comes back is a new one', async () => {
  const world = planning();
  await world.plan([older], noon);
  await world.plan([older], noon + 1_000, []);
  world.accounts.push(anna(noon + 5_000));
  await world.plan([older], noon + 10_000);
  expect(world.accepted).toEqual([]);
});

type Status = NonNullable<NonNullable<PolicyScene['stored']['status']>['rules']>;

function pick(outcome: RuleOutcome | undefined) {
  const { name = '', since = '' } = outcome?.facts ?? {};
  return { name, since };
}

function planning(more: Partial<PolicyDeps> = {}) {
  const accounts: object[] = [];
  const remembered = new Set<string>();
  const accepted: string[] = [];
  const firstSeen = new Map<string, number>();
  const plan = (rules: Status, now: number, credentials: readonly object[] = [rule]) =>
    planRules(
      sceneOf(credentials, rules),
      { book: { find: () => undefined, all: () => [] }, accounts: {}, firstSeen } as never,
      {
        mayRemind: () => true,
        clock: { now: () => now },
        store: {
          accounts: () => accounts,
          whyUnseen: () => undefined,
          namespaces: () => [],
          readAccountSecret: async () => ({ kind: 'found', object: secret }),
        },
        relays: {},
        ledger: {
          has: (id: string) => remembered.has(id),
          add: async ({ id }: { id: string }) => void remembered.add(id),
          refresh: async () => {},
        },
        outbox: {
          list: async () => [],
          accept: async ({ id }: { id: string }) => {
            accepted.push(id);
            return { kind: 'accepted' };
          },
        },
        ...more,
      } as never,
    );
  return { plan, accounts, remembered, accepted };
}

const secret = {
  resourceVersion: '1',
  type: 'relaykeeper.dev/account',
  data: new Map([['password', Buffer.from('x')]]),
};

function sceneOf(credentials: readonly object[], rules: Status): PolicyScene {
  const metadata = { name: 'guests', namespace: 'mail' };
  const reminders = credentials.length > 0 ? [] : [reminder];
  const manifest = {
    apiVersion: 'relaykeeper.dev/v1alpha1',
    kind: 'NotificationPolicy',
    metadata,
    spec: {
      relayRef: { name: 'corporate' },
      ...(credentials.length > 0 && { credentials }),
      ...(reminders.length > 0 && { reminders }),
    },
  };
  const parsed = parsePolicy(manifest);
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.violations));
  const { spec } = parsed.policy;
  const from = { address: 'portal@example.com', name: undefined };
  const created = { ...metadata, uid: 'u', generation: 2, creationTimestamp: '2026-01-01T00:00:00Z' };
  return {
    key: metadata,
    spec,
    relays: [],
    relay: { type: 'RelayReady', status: 'True', reason: 'RelayReady', message: '' },
    sender: { kind: 'sender', from, envelopeFrom: from.address, replyTo: undefined },
    redirectTo: undefined,
    templates: new Map(templatesOf(spec).map((each) => [each.fieldPath, createTemplateFor(each, undefined)])),
    stored: { metadata: { ...created, resourceVersion: '1' }, manifest, status: { rules } },
  };
}

const reminder = {
  name: 'expiry',
  subjects: { accounts: { expiry: 'AccountEnd' } },
  daysBefore: [7],
  schedule: '0 8 * * *',
  timeZone: 'UTC',
  notify: { account: true },
};

function anna(createdAt: number): object {
  const names = { namespace: 'mail', name: 'anna', labels: {}, resourceVersion: '1' };
  return {
    kind: 'account',
    account: { ...names, createdAt, username: 'anna', email: 'anna@example.com', passwordMark: 'm' },
  };
}
