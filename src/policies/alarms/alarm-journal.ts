// One journal for all alarm rules: its keys say whose each text is.
import { type Key, keyFromText, keyText } from '../../api/resource.ts';

export interface JournalRule {
  readonly policy: Key;
  readonly rule: string;
}

export interface SavedRule extends JournalRule {
  /** Of its `AlarmBook`. */
  readonly book: ReadonlyMap<string, string>;
  /** Of its sources. */
  readonly sources: ReadonlyMap<string, string>;
}

export interface AlarmJournal {
  /** By `ruleKey`. */
  readonly rules: ReadonlyMap<string, SavedRule>;
  /** Inbox records that the books have taken, and that may still be in the inbox. */
  readonly applied: ReadonlySet<string>;
  /** Requests of policies that cannot be read, or rules that are not known, at present; by record. */
  readonly parked: ReadonlyMap<string, string>;
  /** What was told by `lastResort`, by policy. */
  readonly lastResort: ReadonlyMap<string, string>;
  /** Policies that are gone while their rules are still here; since when, in milliseconds since the epoch. */
  readonly gone: ReadonlyMap<string, GonePolicy>;
  /** Keys of nothing that this program knows. */
  readonly unknown: readonly string[];
}

export interface GonePolicy {
  readonly policy: Key;
  readonly since: number;
}

const ruleArea = 'rule/';
const appliedArea = 'applied/';
const parkedArea = 'parked/';
const goneArea = 'gone/';
const lastResortArea = 'last-resort/';

export function ruleKey({ policy, rule }: JournalRule): string {
  return `${keyText(policy)}/${rule}`;
}

export function bookKey(rule: string, key: string): string {
  return `${ruleArea}${rule}/book/${key}`;
}

export function sourceKey(rule: string, key: string): string {
  return `${ruleArea}${rule}/source/${key}`;
}

export function appliedKey(record: string): string {
  return `${appliedArea}${record}`;
}

export function parkedKey(record: string): string {
  return `${parkedArea}${record}`;
}

export function lastResortKey(policy: string): string {
  return `${lastResortArea}${policy}`;
}

export function goneKey(policy: string): string {
  return `${goneArea}${policy}`;
}

/** What `Journal.load` gave. */
export function readAlarmJournal(texts: ReadonlyMap<string, string>): AlarmJournal {
  const rules = new Map<
    string,
    { readonly saved: SavedRule; book: Map<string, string>; sources: Map<string, string> }
  >();
  const applied = new Set<string>();
  const parked = new Map<string, string>();
  const lastResort = new Map<string, string>();
  const gone = new Map<string, GonePolicy>();
  const unknown: string[] = [];
  for (const [key, text] of texts) {
    const place = rulePlace(key);
    if (place) openRule(rules, place)[place.part].set(place.key, text);
    else if (key.startsWith(appliedArea)) applied.add(key.slice(appliedArea.length));
    else if (key.startsWith(parkedArea)) parked.set(key.slice(parkedArea.length), text);
    else if (key.startsWith(lastResortArea)) lastResort.set(key.slice(lastResortArea.length), text);
    else if (key.startsWith(goneArea)) gone.set(key.slice(goneArea.length), goneSince(key, text));
    else unknown.push(key);
  }
  const saved = new Map([...rules].map(([id, rule]) => [id, rule.saved]));
  return { rules: saved, applied, parked, lastResort, gone, unknown };
}

/** A damaged time is long ago. */
function goneSince(key: string, text: string): GonePolicy {
  return { policy: keyFromText(key.slice(goneArea.length)), since: Number(text) || 0 };
}

interface RulePlace extends JournalRule {
  readonly part: 'book' | 'sources';
  readonly key: string;
}

/** Names of Kubernetes hold no slash; a book's keys do. */
function rulePlace(key: string): RulePlace | undefined {
  if (!key.startsWith(ruleArea)) return undefined;
  const [namespace = '', name = '', rule = '', area = '', ...rest] = key.slice(ruleArea.length).split('/');
  if (area !== 'book' && area !== 'source') return undefined;
  return {
    policy: { namespace, name },
    rule,
    part: area === 'book' ? 'book' : 'sources',
    key: rest.join('/'),
  };
}

function openRule(
  rules: Map<string, { readonly saved: SavedRule; book: Map<string, string>; sources: Map<string, string> }>,
  { policy, rule }: JournalRule,
) {
  const id = ruleKey({ policy, rule });
  const known = rules.get(id);
  if (known) return known;
  const [book, sources] = [new Map<string, string>(), new Map<string, string>()];
  const made = { saved: { policy, rule, book, sources }, book, sources };
  rules.set(id, made);
  return made;
}
