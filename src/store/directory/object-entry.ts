// One relay or policy as this store knows it: what its manifest declares, and what Kubernetes would add to it.
import { createHash } from 'node:crypto';
import { timestamp } from '../../api/conditions.ts';
import type { StoredObject } from '../stored-object.ts';
import type { DeclaredObject } from './declared-object.ts';
import { textEntries } from './text-entries.ts';

/** Kept with the status, so that a restart counts on. */
export interface ObjectRecord {
  readonly uid: string;
  readonly creationTimestamp: string;
  /** Counts versions of the spec, from 1. */
  readonly generation: number;
  /** Fingerprint of the spec that has this generation. */
  readonly specVersion: string;
}

/** What the state directory has of an object. */
export interface KeptStatus<Status> {
  readonly record: ObjectRecord | undefined;
  readonly status: Status | undefined;
  /** Hash of the status file's text, which tells our own writing from someone else's; undefined without a file. */
  readonly textHash: string | undefined;
}

export interface ObjectEntry<Status> extends KeptStatus<Status> {
  readonly declared: DeclaredObject;
  readonly record: ObjectRecord;
}

export interface Declaration {
  readonly declared: DeclaredObject;
  readonly specVersion: string;
}

/** An object seen for the first time by this process. */
export function newEntry<Status>(
  { declared, specVersion }: Declaration,
  kept: KeptStatus<Status>,
  now: number,
): ObjectEntry<Status> {
  const record = kept.record ?? firstRecord(declared, specVersion, now);
  return { ...kept, declared, record: nextRecord(record, specVersion) };
}

export function changedEntry<Status>(
  entry: ObjectEntry<Status>,
  { declared, specVersion }: Declaration,
): ObjectEntry<Status> {
  return { ...entry, declared, record: nextRecord(entry.record, specVersion) };
}

export function storedObject<Status>({
  declared,
  record,
  status,
  textHash,
}: ObjectEntry<Status>): StoredObject<Status> {
  const written = declared.manifest?.metadata ?? {};
  const labels = textEntries(written.labels);
  const annotations = textEntries(written.annotations);
  return {
    metadata: {
      name: declared.name,
      namespace: declared.namespace,
      uid: record.uid,
      generation: record.generation,
      resourceVersion: `${declared.version}-${(textHash ?? '').slice(0, 8)}`,
      creationTimestamp: record.creationTimestamp,
      ...(labels && { labels }),
      ...(annotations && { annotations }),
    },
    manifest: declared.manifest,
    status,
  };
}

function firstRecord({ namespace, name }: DeclaredObject, specVersion: string, now: number): ObjectRecord {
  const creationTimestamp = timestamp(now);
  const digest = createHash('sha256').update(`${namespace}/${name}@${now}`).digest('hex');
  return { uid: uuid(digest), creationTimestamp, generation: 1, specVersion };
}

function nextRecord(record: ObjectRecord, specVersion: string): ObjectRecord {
  if (record.specVersion === specVersion) return record;
  return { ...record, specVersion, generation: record.generation + 1 };
}

/** A UUID of version 8 (RFC 9562 section 5.8): its bits are our own. */
function uuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
