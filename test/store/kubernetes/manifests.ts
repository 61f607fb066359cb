// The objects that these tests apply.

export function relayManifest(namespace: string, name: string, host = 'mail.example.com'): object {
  return { apiVersion: 'relaykeeper.dev/v1alpha1', kind: 'SmtpRelay', metadata: { namespace, name }, spec: { host } };
}

export function secretManifest(namespace: string, name: string, password: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { namespace, name },
    type: 'kubernetes.io/basic-auth',
    stringData: { username: 'relay', password },
  };
}

export function configMapManifest(namespace: string, name: string, text: string): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace, name }, data: { 'ca.crt': text } };
}
