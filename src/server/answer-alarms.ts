// What a request gets, from its head to its last byte: nobody learns without a token whether a rule exists, no body is
// read of one who has none, and 202 is said once its alarms are durable.
import type { IncomingMessage } from 'node:http';
import { encodeRequest } from '../alarms/intake/inbox-request.ts';
import { type PayloadForm, parsePayload, payloadForm } from '../alarms/intake/payload.ts';
import type { WebhookPath, WebhookRule } from '../policies/alarms/webhook-rules.ts';
import { type Answer, refusal } from './answer.ts';
import { hasToken } from './bearer-token.ts';
import { type BodyLimits, type ReadBody, readBody } from './read-body.ts';
import type { WebhookDeps } from './webhook-deps.ts';
import { webhookPath } from './webhook-path.ts';

export interface Answered {
  /** Undefined: the client is gone. */
  readonly answer: Answer | undefined;
  /** Of a rule whose token was right. */
  readonly path: WebhookPath | undefined;
  readonly alarms: number;
}

export interface AnswerOptions {
  readonly deps: WebhookDeps;
  readonly limits: BodyLimits;
  /** Tells a client that waits for it (RFC 9110 §10.1.1) to send its body. */
  readonly goOn: () => void;
}

export async function answerAlarms(request: IncomingMessage, options: AnswerOptions): Promise<Answered> {
  const path = webhookPath(request.url ?? '');
  if (!path) return refused(notHere);
  if (request.method !== 'POST') return refused(refusal(405, 'Alarms are sent with POST.', { allow: 'POST' }));
  const { deps } = options;
  const known = await deps.rule(path);
  // A token that is new may not be known yet, and Alertmanager drops what gets a 401.
  const rule = isOpen(request, known) ? known : await deps.rule(path, { anew: true });
  if (rule.kind === 'unavailable') return refused(tryAgain('It cannot be known now whether this rule exists.', 5));
  if (rule.kind === 'tokenMissing') deps.tell({ kind: 'tokenMissing', path, message: rule.message });
  if (!isOpen(request, rule)) return refused(unauthorized);
  return { ...(await answerBody(request, path, options)), path };
}

function isOpen({ headers }: IncomingMessage, rule: WebhookRule): boolean {
  return hasToken(headers.authorization, rule.kind === 'rule' ? rule.tokens : []);
}

type AnsweredBody = Pick<Answered, 'answer' | 'alarms'>;

async function answerBody(
  request: IncomingMessage,
  path: WebhookPath,
  { deps, limits, goOn }: AnswerOptions,
): Promise<AnsweredBody> {
  const { headers } = request;
  const form = payloadForm(headers['content-type']);
  if (!form || headers['ce-specversion'] !== undefined) return refused(wrongType);
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding !== 'identity' && encoding !== 'gzip' && encoding !== 'x-gzip') return refused(wrongEncoding);
  if (Number(headers['content-length'] ?? 0) > limits.bytes) return refused(bodyRefusal('tooLarge', limits));
  goOn();
  const receivedAt = deps.now();
  const read = await readBody(request, encoding !== 'identity', limits);
  if (read.kind !== 'body') return refused(bodyRefusal(read.kind, limits));
  try {
    return await keep(read.body, { form, path, receivedAt, deps });
  } finally {
    read.release();
  }
}

interface Taking {
  readonly form: PayloadForm;
  readonly path: WebhookPath;
  readonly receivedAt: number;
  readonly deps: WebhookDeps;
}

async function keep(body: Buffer, taking: Taking): Promise<AnsweredBody> {
  const record = recordOf(body, taking);
  if (record.kind === 'refused') return refused(record.answer);
  if (record.alarms === 0) return accepted(0);
  const put = await taking.deps.keep(record.body);
  switch (put.kind) {
    case 'kept':
      return accepted(record.alarms);
    case 'full':
      return refused(tryAgain(put.message, 30));
    case 'unavailable':
      return refused(tryAgain(put.message, 5));
  }
}

/** Apart from `keep`, so that 20,000 alarms are not held in memory while their record is written. */
function recordOf(body: Buffer, { form, path, receivedAt }: Taking): InboxBody {
  const parsed = parsePayload(body, form);
  if (parsed.kind === 'refused') {
    const { path: jsonPath, message } = parsed;
    return { kind: 'refused', answer: { status: 400, body: { error: `${jsonPath} ${message}`, path: jsonPath } } };
  }
  const { alarms } = parsed;
  return { kind: 'record', body: encodeRequest({ version: 1, ...path, receivedAt, alarms }), alarms: alarms.length };
}

type InboxBody =
  | { readonly kind: 'record'; readonly body: Buffer; readonly alarms: number }
  | { readonly kind: 'refused'; readonly answer: Answer };

function accepted(alarms: number): AnsweredBody {
  return { answer: { status: 202, body: { accepted: alarms } }, alarms };
}

function refused(answer: Answer | undefined): Answered {
  return { answer, path: undefined, alarms: 0 };
}

/** Alertmanager sends again after any 5xx, in its own rhythm. */
function tryAgain(message: string, seconds: number): Answer {
  return refusal(503, message, { 'retry-after': String(seconds) });
}

const notHere = refusal(404, 'There is nothing here: alarms go to /v1/alarms/<namespace>/<policy>/<alarm>.');
const unauthorized = refusal(
  401,
  'This needs the header Authorization: Bearer, with the token of an alarm rule that has a webhook.',
  { 'www-authenticate': 'Bearer' },
);
const wrongType = refusal(
  415,
  'The body must be application/json, or application/cloudevents+json (a CloudEvent in structured mode).',
);
const wrongEncoding = refusal(415, 'The body may be compressed with gzip only.', { 'accept-encoding': 'gzip' });

function bodyRefusal(kind: Exclude<ReadBody['kind'], 'body'>, { bytes, milliseconds }: BodyLimits): Answer | undefined {
  switch (kind) {
    case 'tooLarge':
      return refusal(413, `The body is larger than ${bytes} bytes: send the alarms in several requests.`);
    case 'noRoom':
      return tryAgain('Too many alarms are on their way at once.', 1);
    case 'tooSlow':
      // Not 408: Alertmanager drops what gets a 4xx.
      return tryAgain(`The body did not come within ${milliseconds / 1000} s.`, 5);
    case 'brokenGzip':
      return { status: 400, body: { error: '$ is not compressed with gzip, as Content-Encoding says', path: '$' } };
    case 'brokenOff':
      return undefined;
  }
}
