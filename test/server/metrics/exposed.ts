// The metrics that there are, as data, and the ones that a PromQL expression names.
import { openMetrics } from './metrics-world.ts';

export interface Exposed {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly help: string;
}

export async function exposedMetrics(): Promise<readonly Exposed[]> {
  const { metrics } = openMetrics();
  const { text } = await metrics.scrape();
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name, type]));
  return metrics.registry.getMetricsAsArray().map((metric) => {
    // prom-client's type of it leaves the labels out.
    const { name, help, labelNames } = metric as unknown as { name: string; help: string; labelNames: string[] };
    return { name, help, labels: labelNames, type: types.get(name) as Exposed['type'] };
  });
}

/** Metrics of ours or of the process; a histogram without what is appended to it. */
export function namesIn(expression: string, exposed: readonly Exposed[]): readonly string[] {
  const names = expression.match(/\b(?:relaykeeper|process|nodejs)_[a-z0-9_]+/g) ?? [];
  return names.map((name) => {
    const whole = name.replace(/_(?:bucket|sum|count)$/, '');
    return exposed.some((one) => one.name === whole && one.type === 'histogram') ? whole : name;
  });
}
