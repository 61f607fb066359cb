// A kubeconfig for one account, as a file's text (JSON is YAML).

interface Account {
  readonly url: string;
  readonly certificateFile: string;
  readonly token: string;
}

export function kubeconfigText({ url, certificateFile, token }: Account): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server: url, 'certificate-authority': certificateFile } }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'default' } }],
    'current-context': 'test',
  });
}
