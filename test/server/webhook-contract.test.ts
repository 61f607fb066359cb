import { describe, expect, test } from 'vitest';
import { parsePayload, payloadForm } from '../../src/alarms/intake/payload.ts';
import { faultsOf, requestBody, responses } from './webhook-contract.ts';

const examples = Object.entries(requestBody.content).flatMap(([type, { schema, examples = {} }]) =>
  Object.entries(examples).map(([name, { value }]) => ({ type, schema, name, value })),
);

describe('examples of the document', () => {
  test.each(examples)('$name is as its schema says, and is taken', ({ type, schema, value }) => {
    expect(faultsOf(schema, value)).toBe('');
    const form = payloadForm(type);
    expect(form && parsePayload(Buffer.from(JSON.stringify(value)), form).kind).toBe('alarms');
  });
});

const json = requestBody.content['application/json']?.schema ?? {};
const taken: readonly (readonly [string, unknown])[] = [
  ['a label that is empty', { labels: { a: 'b', c: '' } }],
  ['annotations alone', { annotations: { summary: 'x' } }],
  ['no annotations as null', { labels: { a: 'b' }, annotations: null }],
  ['an empty list', { alarms: [] }],
  ['foreign data', { specversion: '1.0', id: '1', source: 's', type: 't', data: { labels: [1], status: 500 } }],
];
const refused: readonly (readonly [string, unknown])[] = [
  ['a list', []],
  ['a label that is a number', { labels: { a: 1 } }],
  ['a status that there is not', { labels: { a: 'b' }, status: 'gone' }],
  ['a count that is text', { labels: { a: 'b' }, count: '1' }],
  ['another version', { version: '3', alerts: [] }],
  ['an alert without labels', { version: '4', alerts: [{ status: 'firing' }] }],
  ['a field that there is not', { alarms: [{ labels: { a: 'b' }, label: {} }] }],
  ['a CloudEvent without a type', { specversion: '1.0', id: '1', source: 's' }],
];

test.each(taken)('the document and the program both take %s', (_, body) => {
  expect(faultsOf(json, body)).toBe('');
  expect(parsePayload(Buffer.from(JSON.stringify(body)), 'json').kind).toBe('alarms');
});

test.each(refused)('the document and the program both refuse %s', (_, body) => {
  expect(faultsOf(json, body)).not.toBe('');
  expect(parsePayload(Buffer.from(JSON.stringify(body)), 'json').kind).toBe('refused');
});

test('the document has the answers that there are', () => {
  expect(Object.keys(responses).sort()).toEqual(['202', '400', '401', '404', '405', '413', '415', '500', '503']);
});
