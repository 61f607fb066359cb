// Requests to the Kubernetes API server.
import { Counter, Histogram, type Registry } from 'prom-client';

/** One request and its answer. */
export interface SeenRequest {
  /** As RBAC has it: get, list, watch, create, update, patch, delete. */
  readonly verb: string;
  /** `smtprelays/status` */
  readonly resource: string;
  /** Undefined: no answer. */
  readonly status: number | undefined;
  readonly milliseconds: number;
}

const buckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createApiMetrics(registry: Registry): (request: SeenRequest) => void {
  const requests = new Counter({
    name: 'relaykeeper_api_requests_total',
    help: 'Requests to the Kubernetes API server; code is the HTTP status, or none where no answer came.',
    labelNames: ['verb', 'resource', 'code'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'relaykeeper_api_request_duration_seconds',
    help: 'Until the API server had answered; of a watch, until it began.',
    labelNames: ['verb'],
    buckets,
    registers: [registry],
  });
  return ({ verb, resource, status, milliseconds }) => {
    requests.inc({ verb, resource, code: status ?? 'none' });
    duration.observe({ verb }, milliseconds / 1_000);
  };
}
