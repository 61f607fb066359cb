// Holds answers and requests to the OpenAPI document.
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { load } from 'js-yaml';

interface Media {
  readonly schema: object;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}
interface DocumentedAnswer {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean; readonly schema: object }>>;
  readonly content: Readonly<Record<string, Media>>;
}
interface OpenApi {
  readonly openapi: string;
  readonly paths: Readonly<
    Record<
      string,
      {
        readonly post: {
          readonly requestBody: { readonly content: Readonly<Record<string, Media>> };
          readonly responses: Readonly<Record<string, DocumentedAnswer>>;
        };
      }
    >
  >;
}

const text = readFileSync(new URL('../../docs/alarms-webhook.openapi.yaml', import.meta.url), 'utf8');
const openApi = load(text) as OpenApi;
const [path] = Object.values(openApi.paths);
if (!path) throw new Error('the document has no path');

export const { requestBody, responses } = path.post;

const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema(openApi, 'document');

/** What is wrong with a value by a schema of the document; empty where nothing is. */
export function faultsOf(schema: object, value: unknown): string {
  const validate = ajv.compile(rebased(schema));
  return validate(value) ? '' : ajv.errorsText(validate.errors);
}

/** Why the document does not have this answer; empty where it does. */
export function answerFaults(status: number, headers: IncomingHttpHeaders, body: string): string {
  const answer = responses[status];
  if (!answer) return `status ${status} is not in the document`;
  const media = answer.content[headers['content-type'] ?? ''];
  if (!media) return `status ${status} has the content type ${headers['content-type']}`;
  const wrong = Object.entries(answer.headers ?? {}).flatMap(([name, { required, schema }]) => {
    const value = headers[name.toLowerCase()];
    return value === undefined ? (required ? [`${name} is missing`] : []) : faultsOf(schema, value) || [];
  });
  return [...wrong, faultsOf(media.schema, JSON.parse(body))].filter(Boolean).join('; ');
}

function rebased(schema: object): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/')) as object;
}
