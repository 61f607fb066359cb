// Which alarms keep others from being told. As in Alertmanager, one that is source and target of a rule is not inhibited
// by others that are both: alarms of one kind do not silence each other. Sources are found by what has to be equal.
import { type Labels, labelOf } from '../../api/label-matcher.ts';
import type { InhibitTerms } from '../terms.ts';
import { isFiring, type Member } from './group.ts';

/** One rule in which an alarm has a part. */
export interface InhibitLink {
  readonly rule: number;
  readonly equal: string;
  readonly source: boolean;
  readonly target: boolean;
}

export interface Inhibition {
  readonly linksOf: (labels: Labels) => readonly InhibitLink[];
  /** To be called when a member came, and whenever its alarm changed. */
  readonly put: (member: Member) => void;
  readonly remove: (member: Member) => void;
  /** The alarm that inhibits this one now. */
  readonly sourceOf: (member: Member, now: number) => Member | undefined;
}

/** Sources with the same values: those that are sources only, and those that are targets too. */
interface Bucket {
  readonly sources: Set<Member>;
  readonly both: Set<Member>;
  /** What a search found, as long as no member changed. */
  found: { readonly now: number; readonly source: Member | undefined; readonly any: Member | undefined } | undefined;
}

export function createInhibition(rules: readonly InhibitTerms[]): Inhibition {
  const buckets = new Map<string, Bucket>();
  return {
    linksOf: (labels) => linksOf(rules, labels),
    put: (member) => {
      for (const { link, bucket } of bucketsOf(member, true)) {
        (link.target ? bucket.both : bucket.sources).add(member);
        bucket.found = undefined;
      }
    },
    remove: (member) => {
      for (const { link, bucket } of bucketsOf(member, false)) {
        (link.target ? bucket.both : bucket.sources).delete(member);
        bucket.found = undefined;
        if (bucket.both.size + bucket.sources.size === 0) buckets.delete(bucketKey(link));
      }
    },
    sourceOf: ({ links }, now) => {
      for (const link of links) {
        const bucket = link.target ? buckets.get(bucketKey(link)) : undefined;
        const { source, any } = bucket ? firingOf(bucket, now) : none;
        const inhibiting = link.source ? source : any;
        if (inhibiting) return inhibiting;
      }
      return undefined;
    },
  };

  function bucketsOf({ links }: Member, make: boolean): { link: InhibitLink; bucket: Bucket }[] {
    return links.flatMap((link) => {
      const key = bucketKey(link);
      const bucket = buckets.get(key) ?? (make ? newBucket() : undefined);
      if (!link.source || !bucket) return [];
      buckets.set(key, bucket);
      return [{ link, bucket }];
    });
  }
}

const none = { source: undefined, any: undefined };
const noLinks: readonly InhibitLink[] = [];

function linksOf(rules: readonly InhibitTerms[], labels: Labels): readonly InhibitLink[] {
  if (rules.length === 0) return noLinks;
  const links = rules.flatMap((terms, rule) => {
    const [source, target] = [terms.source(labels), terms.target(labels)];
    if (!source && !target) return [];
    return [{ rule, equal: JSON.stringify(terms.equal.map((name) => labelOf(labels, name))), source, target }];
  });
  return links.length === 0 ? noLinks : links;
}

function bucketKey({ rule, equal }: InhibitLink): string {
  return `${rule}${equal}`;
}

function newBucket(): Bucket {
  return { sources: new Set(), both: new Set(), found: undefined };
}

function firingOf(bucket: Bucket, now: number): NonNullable<Bucket['found']> {
  if (bucket.found?.now !== now) {
    const source = firstFiring(bucket.sources, now);
    bucket.found = { now, source, any: source ?? firstFiring(bucket.both, now) };
  }
  return bucket.found;
}

function firstFiring(members: ReadonlySet<Member>, now: number): Member | undefined {
  for (const member of members) if (isFiring(member.alarm, now)) return member;
  return undefined;
}
