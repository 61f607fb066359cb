import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { objectData } from '../../../src/api/manifest/object-data.ts';

function texts(manifest: Record<string, unknown>): Record<string, string> | string {
  const decoded = objectData(manifest);
  if (decoded.kind === 'invalid') return `${decoded.fieldPath}: ${decoded.message}`;
  return Object.fromEntries([...decoded.data].map(([key, value]) => [key, value.toString()]));
}

const notBase64 = 'The value is no base64 (RFC 4648 section 4); plain text belongs under stringData.';

describe('the values of a Secret or ConfigMap', () => {
  test.each<[string, Record<string, unknown>, Record<string, string> | string]>([
    ['a Secret without values has none', { kind: 'Secret' }, {}],
    ['data of a Secret is base64', { kind: 'Secret', data: { a: 'Z3LDvG4=' } }, { a: 'grün' }],
    ['line breaks in base64 are let pass', { kind: 'Secret', data: { a: 'Z3LD\nvG4=\r\n' } }, { a: 'grün' }],
    ['stringData is plain and wins', { kind: 'Secret', data: { a: 'YQ==' }, stringData: { a: 'b' } }, { a: 'b' }],
    ['data of a ConfigMap is plain', { kind: 'ConfigMap', data: { a: 'YQ==' } }, { a: 'YQ==' }],
    ['binaryData of a ConfigMap is base64', { kind: 'ConfigMap', binaryData: { a: 'YQ==' } }, { a: 'a' }],
    ['an empty value is a value', { kind: 'Secret', data: { a: '' } }, { a: '' }],
    ['null data is none', { kind: 'Secret', data: null }, {}],
    ['base64 without padding is none', { kind: 'Secret', data: { a: 'YQ' } }, `data.a: ${notBase64}`],
    ['base64 for URLs is none', { kind: 'Secret', data: { a: '_-__' } }, `data.a: ${notBase64}`],
    ['a space is no base64', { kind: 'Secret', data: { a: 'YQ= =' } }, `data.a: ${notBase64}`],
    [
      'a number is no text',
      { kind: 'Secret', stringData: { pin: 14 } },
      'stringData.pin: The value must be text; put it in quotes.',
    ],
    ['a list is no mapping', { kind: 'ConfigMap', data: [] }, 'data: It must be a mapping of keys to text.'],
  ])('%s', (_name, manifest, expected) => {
    expect(texts(manifest)).toEqual(expected);
  });

  test('any bytes come back as they went into base64', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const decoded = objectData({ kind: 'Secret', data: { a: Buffer.from(bytes).toString('base64') } });
        expect(decoded.kind === 'decoded' && decoded.data.get('a')).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test('any JSON whatever is decoded or named as invalid, never thrown at', () => {
    fc.assert(
      fc.property(fc.constantFrom('Secret', 'ConfigMap'), fc.jsonValue(), fc.jsonValue(), (kind, data, stringData) => {
        expect(['decoded', 'invalid']).toContain(objectData({ kind, data, stringData }).kind);
      }),
    );
  });
});
