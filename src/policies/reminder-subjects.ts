// The subjects of a reminder rule as the store has them, in every namespace that lets the policy look.
import { type LabelSelector, matchesSelector } from '../api/label-selector.ts';
import { policiesFromAnnotation, type ReminderRule } from '../api/notification-policy.ts';
import { type Key, keyOf } from '../api/resource.ts';
import type { Subjects } from '../reminders/subject.ts';
import { accountSubjects, certificateSubjects, relaySubjects, resourceSubjects } from '../reminders/subjects-of.ts';
import type { PolicyStore, StoredNamespace, StoredResource } from '../store/policy-store.ts';
import type { RelayBook } from './relay-book.ts';
import { ruleAccounts } from './rule-accounts.ts';
import type { Complaint } from './rule-outcome.ts';

export interface SubjectDeps {
  readonly store: PolicyStore;
  readonly book: RelayBook;
}

export interface RuleSubjects {
  readonly subjects: Subjects;
  /** Accounts that cannot be used; not among the subjects. */
  readonly complaints: readonly Complaint[];
  /** What cannot be seen at present: a sentence. A run waits for it. */
  readonly unseen: string | undefined;
  /** Why there are none, though the rule selects some: a sentence. */
  readonly empty: string | undefined;
}

export async function ruleSubjects(policy: Key, rule: ReminderRule, deps: SubjectDeps): Promise<RuleSubjects> {
  const found: RuleSubjects[] = [];
  for (const namespace of namespacesOf(policy, rule, deps.store.namespaces())) {
    found.push(await subjectsIn(namespace, rule, deps));
  }
  const subjects = joined(found.map((each) => each.subjects));
  return {
    subjects,
    complaints: found.flatMap(({ complaints }) => complaints),
    unseen: namespacesUnseen(rule, deps.store) ?? found.find(({ unseen }) => unseen !== undefined)?.unseen,
    empty: isEmpty(subjects) ? found.find(({ empty }) => empty !== undefined)?.empty : undefined,
  };
}

/** Gone through more than once, and never held as a whole. */
function joined(all: readonly Subjects[]): Subjects {
  return {
    *[Symbol.iterator]() {
      for (const some of all) yield* some;
    },
  };
}

/** Which ones a selector means cannot be told while some are not seen. */
export function namespacesUnseen(
  { namespaceSelector }: Pick<ReminderRule, 'namespaceSelector'>,
  store: Pick<PolicyStore, 'whyNamespacesUnseen'>,
): string | undefined {
  return namespaceSelector === undefined ? undefined : store.whyNamespacesUnseen();
}

/** The policy's own always counts where it is selected; another only where it says so. */
export function namespacesOf(
  policy: Key,
  { namespaceSelector }: Pick<ReminderRule, 'namespaceSelector'>,
  namespaces: readonly StoredNamespace[],
): readonly string[] {
  if (namespaceSelector === undefined) return [policy.namespace];
  const selector: LabelSelector = namespaceSelector;
  return namespaces
    .filter(({ labels }) => matchesSelector(labels, selector))
    .filter(({ name, annotations }) => name === policy.namespace || mayLook(annotations, policy))
    .map(({ name }) => name);
}

export function mayLook(annotations: Readonly<Record<string, string>>, { namespace }: Key): boolean {
  const named = annotations[policiesFromAnnotation] ?? '';
  return named.split(',').some((one) => one.trim() === namespace);
}

/** Of one namespace; also what the second look before sending asks. */
export async function subjectsIn(namespace: string, rule: ReminderRule, deps: SubjectDeps): Promise<RuleSubjects> {
  const { store, book } = deps;
  const { accounts, certificates, resources, relays } = rule.subjects;
  if (accounts) {
    const found = ruleAccounts(store, namespace, accounts.selector);
    return {
      ...none,
      subjects: accountSubjects(found.usable, accounts),
      complaints: found.unusable,
      unseen: store.whyUnseen('accounts', namespace),
    };
  }
  if (certificates) {
    const found = await store.certificates(namespace);
    const unseen = store.whyUnseen('certificates', namespace);
    return { ...none, subjects: certificateSubjects(found, certificates), unseen };
  }
  if (resources) {
    const found = await store.resources(resources, namespace);
    if (found.kind === 'unavailable') return { ...none, unseen: found.message };
    const subjects = resourceSubjects(found.resources, resources);
    return { ...none, subjects, empty: whyEmpty(subjects, found.resources, resources) };
  }
  return { ...none, subjects: relaySubjects(endingRelays(namespace, book), relays ?? {}) };
}

const none: RuleSubjects = { subjects: [], complaints: [], unseen: undefined, empty: undefined };

/** One object may have no end yet; where none has, the path is likely a wrong one. */
function whyEmpty(
  subjects: Subjects,
  found: readonly StoredResource[],
  { kind, selector, expiryPath }: NonNullable<ReminderRule['subjects']['resources']>,
): string | undefined {
  if (!isEmpty(subjects) || !found.some(({ labels }) => matchesSelector(labels, selector))) return undefined;
  return `No ${kind} that the rule selects has anything at ${expiryPath}.`;
}

function isEmpty(subjects: Subjects): boolean {
  for (const _ of subjects) return false;
  return true;
}

function endingRelays(namespace: string, book: RelayBook) {
  return book
    .all()
    .filter(({ metadata }) => metadata.namespace === namespace)
    .map(({ metadata, status }) => ({
      ...keyOf({ metadata }),
      labels: metadata.labels ?? {},
      // While the relay fails, no probe sees its certificate.
      notAfter: status?.lastProbe?.tls?.notAfter ?? status?.certificateExpires,
      notBefore: status?.lastProbe?.tls?.notBefore,
    }));
}
