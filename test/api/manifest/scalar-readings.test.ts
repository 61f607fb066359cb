import fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { coreReading, kubectlReading } from '../../../src/api/manifest/scalar-readings.ts';

/** As kubectl 1.36 printed them. */
const seen: readonly (readonly [string, unknown])[] = [
  ['yes', true],
  ['Yes', true],
  ['y', true],
  ['N', false],
  ['on', true],
  ['Off', false],
  ['oN', 'oN'],
  ['yES', 'yES'],
  ['014', 12],
  ['0o14', 12],
  ['08', 8],
  ['099', 99],
  ['0777', 511],
  ['0_7', 7],
  ['-014', -12],
  ['0o8', '0o8'],
  ['0b101', 5],
  ['-0b11', -3],
  ['0b', '0b'],
  ['1_000', 1000],
  ['1_', 1],
  ['_1', '_1'],
  ['1__0', 10],
  ['0x1F', 31],
  ['0x_1F', 31],
  ['+0x1F', 31],
  ['-0x1F', -31],
  ['0x', '0x'],
  ['190:20:30', '190:20:30'],
  ['1:30', '1:30'],
  ['2001-01-01', '2001-01-01'],
  ['1e3', 1000],
  ['.5', 0.5],
  ['5.', 5],
  ['+5', 5],
  ['+.5', 0.5],
  ['1_0.5', 10.5],
  ['1e', '1e'],
  ['e3', 'e3'],
  ['685.230_15e+03', 685230.15],
  ['0.0.1', '0.0.1'],
  ['1.0', 1],
  ['~', null],
  ['NULL', null],
  ['', null],
  ['=', '='],
  ['9e500', '9e500'],
  ['0xfffffffffffffffff', '0xfffffffffffffffff'],
  ['18446744073709551616', 18446744073709552000],
];

describe('kubectlReading', () => {
  test.each(seen)('%s is what kubectl makes of it', (text, reading) => {
    expect(kubectlReading(text)).toEqual(reading);
  });
});

describe('coreReading', () => {
  test('is what js-yaml reads', () => {
    const scalar = fc.oneof(
      fc.constantFrom(...seen.map(([text]) => text), '.inf', '-.Inf', '.nan', 'true', 'FALSE', 'Null'),
      fc
        .array(fc.constantFrom(...'0123456789abxoeE_.+-yesnofTRUE~'), { minLength: 1, maxLength: 6 })
        .map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(scalar, (text) => {
        // A lone dash, or three, is no scalar.
        fc.pre(!/^-+$/.test(text));
        expect([coreReading(text)]).toEqual(load(text === '' ? '[~]' : `[${text}]`));
      }),
      { numRuns: 3_000, examples: [['9e500'], ['-9e500'], ['9'.repeat(400)]] },
    );
  });
});
