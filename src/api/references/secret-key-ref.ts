/** One value of a Secret, and which field of a spec names it. */
export interface SecretKeyRef {
  readonly namespace: string;
  readonly name: string;
  readonly key: string;
  readonly fieldPath: string;
}
