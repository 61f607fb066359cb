// What Kubernetes allows as names, label keys and label values (apimachinery's validation, with its words).

/** RFC 1123 subdomain: what an object may be called. */
export function subdomainFaults(value: string, unit: 'characters' | 'bytes' = 'characters'): string[] {
  return faults(value, {
    longest: 253,
    unit,
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    message:
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  });
}

/** RFC 1123 label: what a namespace may be called. */
export function labelFaults(value: string): string[] {
  return faults(value, {
    longest: 63,
    unit: 'characters',
    pattern: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
    message:
      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')",
  });
}

export function labelValueFaults(value: string): string[] {
  return faults(value, {
    longest: 63,
    unit: 'bytes',
    pattern: /^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/,
    message:
      "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')",
  });
}

/** A name with an optional `prefix/`: the keys of labels and annotations. */
export function qualifiedNameFaults(value: string): string[] {
  const parts = value.split('/');
  const name = parts.at(-1) ?? '';
  const prefix = parts.length === 2 ? parts[0] : undefined;
  if (parts.length > 2) {
    return [
      `a valid label key ${nameMessage} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const ofPrefix = prefix === '' ? ['must be non-empty'] : prefix === undefined ? [] : subdomainFaults(prefix, 'bytes');
  const ofName = faults(name, {
    longest: 63,
    unit: 'bytes',
    pattern: /^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/,
    message: nameMessage,
  });
  const empty = name === '' ? ['name part must be non-empty'] : [];
  return [...ofPrefix.map((fault) => `prefix part ${fault}`), ...empty, ...ofName.map((fault) => `name part ${fault}`)];
}

const nameMessage =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

interface NameRule {
  readonly longest: number;
  readonly unit: string;
  readonly pattern: RegExp;
  readonly message: string;
}

function faults(value: string, { longest, unit, pattern, message }: NameRule): string[] {
  const tooLong = Buffer.byteLength(value) > longest ? [`must be no more than ${longest} ${unit}`] : [];
  return pattern.test(value) ? tooLong : [...tooLong, message];
}
