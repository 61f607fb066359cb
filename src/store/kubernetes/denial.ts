// What RBAC does not allow, in the words of who can grant it.

export interface Denial {
  readonly kind: 'denied';
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string;
}

export function denied(verb: string, resource: string, namespace: string): Denial {
  return { kind: 'denied', verb, resource, namespace };
}
