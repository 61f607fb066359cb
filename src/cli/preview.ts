// `relaykeeper preview`: renders a rule's mail by the functions that render it for sending, and prints a part of it.

import { type RenderedMail, render } from '../mail/template/render-template.ts';
import { type MailOrder, makeMessage } from '../policies/make-message.ts';
import { createRelayBook } from '../policies/relay-book.ts';
import { sampleOrder } from '../policies/sample-order.ts';
import type { StoredPolicy } from '../store/policy-store.ts';
import { exitCodes, type Io, UnusableArgument } from './io.ts';
import { type ManifestPolicies, manifestPolicies } from './manifest-policies.ts';
import { ruleNamed } from './named-rule.ts';
import { policyNamed, withPolicySources } from './policy-sources.ts';
import { lookAtPolicy } from './policy-standing.ts';
import type { PreviewFlags } from './preview-command.ts';
import { realOrder } from './real-order.ts';
import { templateOfRule } from './rule-texts.ts';
import { createToldProblems } from './told-problems.ts';
import { type Failed, type SceneDeps, usableScene } from './usable-scene.ts';

export interface PreviewOf {
  readonly policy: string;
  readonly rule: string;
}

/** What there was to show, or a sentence. */
type Shown = { readonly kind: 'shown'; readonly text: string; readonly json: object } | Failed;

export async function preview(named: PreviewOf, flags: PreviewFlags, io: Io): Promise<number> {
  const shown = await withSources(flags, io, (sources) => shownOf(named, flags, sources));
  if (shown.kind === 'failed') {
    io.stderr.write(`error: ${shown.message}\n`);
    return exitCodes.failed;
  }
  io.stdout.write(flags.output === 'json' ? `${JSON.stringify(shown.json, null, 2)}\n` : shown.text);
  return exitCodes.succeeded;
}

async function withSources(
  flags: PreviewFlags,
  io: Io,
  act: (sources: ManifestPolicies) => Promise<Shown>,
): Promise<Shown> {
  if (!flags.filename) return withPolicySources(flags, { io, problems: createToldProblems() }, act);
  if (flags.directory !== undefined) throw new UnusableArgument('-f goes without --directory');
  return act(await manifestPolicies(flags.filename, { namespace: flags.namespace ?? 'default', stdin: io.stdin }));
}

async function shownOf(named: PreviewOf, flags: PreviewFlags, { store, relays }: ManifestPolicies): Promise<Shown> {
  const namedKey = policyNamed({ store }, named.policy, flags);
  const stored = store.getPolicy(namedKey);
  const look = stored && lookAtPolicy(stored);
  if (!stored || !look) return failed(`NotificationPolicy "${named.policy}" is gone.`);
  if (look.kind === 'invalid') return failed(`NotificationPolicy "${named.policy}" is not valid: ${look.message}`);
  const found = ruleNamed(look.spec, named.rule);
  const book = createRelayBook(relays, Date.now);
  const template = await templateOfRule({ policy: namedKey, spec: look.spec, fieldPath: found.fieldPath }, store);
  if (template.kind === 'failed') return template;
  const relay = book.find({
    namespace: look.spec.relayRef.namespace || namedKey.namespace,
    name: look.spec.relayRef.name,
  });
  const senderName = look.spec.from ? look.spec.from.name : relay?.relay.spec.sender?.name;
  const scene = { key: namedKey, template: template.template, senderName: senderName || undefined };
  const order =
    flags.subject === undefined
      ? sampleOrder(found, scene, { ...flags, to: 'jane.doe@example.com', occasion: 'preview', deliverBy: Date.now() })
      : await realOrder({ named: found, name: flags.subject, flags }, scene, { store, book, stored });
  if ('message' in order) return order;
  return flags.format === 'eml' ? composed(order, stored, { store, book }) : part(order, flags.format);
}

function part(order: MailOrder, format: 'text' | 'html'): Shown {
  const { kind, locale, timeZone } = order;
  const mail = render(order.template(kind, locale), order.data, { locale: locale ?? 'en', timeZone });
  if (mail.kind === 'failed') {
    return failed(`the ${mail.part}, line ${mail.place.line}, column ${mail.place.column}: ${mail.message}`);
  }
  const body = mail[format];
  if (body === undefined)
    return failed(`The mail has no ${format === 'html' ? 'HTML' : 'text'} part: the rule's template gives none.`);
  const ended = body.endsWith('\n') ? body : `${body}\n`;
  return {
    kind: 'shown',
    text: format === 'html' ? ended : `Subject: ${mail.subject}\n\n${ended}`,
    json: jsonOf(mail),
  };
}

function jsonOf({ subject, text, html }: RenderedMail) {
  return { subject, text: text ?? null, html: html ?? null };
}

/** Sender and sandbox take a policy whose relays exist. */
async function composed(order: MailOrder, stored: StoredPolicy, deps: SceneDeps): Promise<Shown> {
  const scene = await usableScene(stored, deps);
  if (scene.kind === 'failed') return scene;
  const made = await makeMessage(order, scene.scene, Date.now());
  if (made.kind === 'invalid') return failed(made.problem);
  const { raw, envelope, subject } = made.message;
  return { kind: 'shown', text: raw.toString('utf8'), json: { subject, envelope, raw: raw.toString('utf8') } };
}

function failed(message: string): Failed {
  return { kind: 'failed', message };
}
