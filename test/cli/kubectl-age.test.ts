import { expect, test } from 'vitest';
import { kubectlAge } from '../../src/cli/kubectl-age.ts';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

// The table of k8s.io/apimachinery/pkg/util/duration/duration_test.go, TestHumanDuration and its boundaries.
test.each<[number, string]>([
  [0, '0s'],
  [second, '1s'],
  [70 * second, '70s'],
  [119 * second, '119s'],
  [120 * second, '2m'],
  [190 * second, '3m10s'],
  [10 * minute - second, '9m59s'],
  [70 * minute, '70m'],
  [3 * hour - second, '179m'],
  [3 * hour, '3h'],
  [3 * hour + 10 * minute, '3h10m'],
  [8 * hour - second, '7h59m'],
  [47 * hour, '47h'],
  [2 * day, '2d'],
  [49 * hour, '2d1h'],
  [8 * day - hour, '7d23h'],
  [9 * day, '9d'],
  [2 * 365 * day - hour, '729d'],
  [2 * 365 * day + 23 * hour, '2y'],
  [3 * 365 * day + day, '3y1d'],
  [9 * 365 * day, '9y'],
  [-second, '0s'],
  [-2 * second, '<invalid>'],
])('%d ms ago is %s', (age, text) => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  expect(kubectlAge(new Date(now - age).toISOString(), now)).toBe(text);
});

test.each([undefined, '', 'yesterday'])('%s is unknown', (time) => {
  expect(kubectlAge(time, 0)).toBe('<unknown>');
});
