// The alerts that the bench sends: as Prometheus has them, each with labels of its own.

export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly generatorURL: string;
}

export interface Alerts {
  readonly count: number;
  /** How many alert names they are of. */
  readonly names: number;
  readonly run: string;
}

export function alertsOf({ count, names, run }: Alerts): readonly Alert[] {
  const startsAt = new Date().toISOString();
  return Array.from({ length: count }, (_nothing, index) => ({
    labels: {
      alertname: `HighErrorRate${index % names}`,
      severity: index % 3 === 0 ? 'critical' : 'warning',
      namespace: 'shop',
      job: 'checkout',
      instance: `10.0.${Math.floor(index / 250)}.${index % 250}:9100`,
      run,
    },
    annotations: {
      summary: `5 % of the requests to ${index} fail`,
      description: 'Of the requests of the last five minutes more than one in twenty was answered with an error.',
      runbook_url: 'https://runbooks.example.com/HighErrorRate',
    },
    startsAt,
    generatorURL: 'https://prometheus.example.com/graph?g0.expr=rate',
  }));
}

export function inBodies(alerts: readonly Alert[], size = 100): (readonly Alert[])[] {
  return Array.from({ length: Math.ceil(alerts.length / size) }, (_nothing, index) =>
    alerts.slice(index * size, (index + 1) * size),
  );
}

/** As Alertmanager's webhook_config sends them, version 4. */
export function webhookBody(alerts: readonly Alert[]): string {
  return JSON.stringify({
    version: '4',
    groupKey: '{}:{}',
    truncatedAlerts: 0,
    status: 'firing',
    receiver: 'mail',
    groupLabels: {},
    commonLabels: {},
    commonAnnotations: {},
    externalURL: 'https://alertmanager.example.com',
    alerts: alerts.map((alert) => ({ status: 'firing', endsAt: '0001-01-01T00:00:00Z', fingerprint: '', ...alert })),
  });
}
