// A relay, a token, and a policy with one alarm rule that a webhook feeds.

export const namespace = 'mail';
export const token = 'let-me-in-let-me-in-let-me-in-12';
export const webhookPath = `/v1/alarms/${namespace}/ops/rule`;

export interface AlarmBench {
  /** The sink's. */
  readonly port: number;
  readonly rule: { readonly groupBy: readonly string[]; readonly groupWait: string; readonly groupInterval?: string };
}

export function alarmManifests({ port, rule }: AlarmBench): readonly object[] {
  const metadata = (name: string) => ({ namespace, name });
  return [
    {
      apiVersion: 'relaykeeper.dev/v1alpha1',
      kind: 'SmtpRelay',
      metadata: metadata('sink'),
      spec: {
        ...{ host: '127.0.0.1', port, ehloName: 'client.example.com', tls: { mode: 'None' } },
        sender: { address: 'ops@example.com' },
        probe: { interval: '1h', depth: 'Connect' },
      },
    },
    { apiVersion: 'v1', kind: 'Secret', type: 'Opaque', metadata: metadata('token'), stringData: { token } },
    {
      apiVersion: 'relaykeeper.dev/v1alpha1',
      kind: 'NotificationPolicy',
      metadata: metadata('ops'),
      spec: {
        relayRef: { name: 'sink' },
        alarms: [
          {
            name: 'rule',
            sources: { webhook: { tokenSecretRef: { name: 'token', key: 'token' } } },
            notify: { addresses: ['oncall@example.com'] },
            ...rule,
          },
        ],
      },
    },
  ];
}
