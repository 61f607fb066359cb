// Requests to the alarm webhook.
import { Counter, Histogram, type Registry } from 'prom-client';
import type { WebhookNews } from '../webhook-deps.ts';

const buckets = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10];

export function createWebhookMetrics(registry: Registry): (news: WebhookNews) => void {
  const registers = [registry];
  const requests = new Counter({
    name: 'relaykeeper_webhook_requests_total',
    help: 'Requests to the alarm webhook by the HTTP status of the answer.',
    labelNames: ['code'],
    registers,
  });
  const alarms = new Counter({
    name: 'relaykeeper_webhook_alarms_total',
    help: 'Alarms that the webhook accepted.',
    registers,
  });
  const duration = new Histogram({
    name: 'relaykeeper_webhook_request_duration_seconds',
    help: 'From the headers of a request to its answer.',
    buckets,
    registers,
  });
  return (news) => {
    if (news.kind !== 'answered') return;
    requests.inc({ code: news.status });
    alarms.inc(news.alarms);
    duration.observe(Math.max(0, news.milliseconds) / 1_000);
  };
}
