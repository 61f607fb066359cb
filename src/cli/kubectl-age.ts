// How long ago something was, as kubectl prints it (k8s.io/apimachinery/pkg/util/duration, HumanDuration).

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const year = 365 * day;

/** `45s`, `3m12s`, `5h20m`, `2d3h`, `40d`; `<invalid>` for a time ahead of the clock, `<unknown>` for none. */
export function kubectlAge(time: string | undefined, now: number): string {
  const then = time === undefined ? Number.NaN : Date.parse(time);
  if (Number.isNaN(then)) return '<unknown>';
  const age = now - then;
  if (age <= -2 * second) return '<invalid>';
  if (age < 2 * minute) return `${Math.max(0, Math.trunc(age / second))}s`;
  if (age < 10 * minute) return inTwo(age, { unit: minute, letter: 'm', smaller: second, smallerLetter: 's' });
  if (age < 3 * hour) return `${Math.trunc(age / minute)}m`;
  if (age < 8 * hour) return inTwo(age, { unit: hour, letter: 'h', smaller: minute, smallerLetter: 'm' });
  if (age < 2 * day) return `${Math.trunc(age / hour)}h`;
  if (age < 8 * day) return inTwo(age, { unit: day, letter: 'd', smaller: hour, smallerLetter: 'h' });
  if (age < 2 * year) return `${Math.trunc(age / day)}d`;
  if (age < 8 * year) return inTwo(age, { unit: year, letter: 'y', smaller: day, smallerLetter: 'd' });
  return `${Math.trunc(age / year)}y`;
}

interface TwoUnits {
  readonly unit: number;
  readonly letter: string;
  readonly smaller: number;
  readonly smallerLetter: string;
}

function inTwo(age: number, { unit, letter, smaller, smallerLetter }: TwoUnits): string {
  const rest = Math.trunc((age % unit) / smaller);
  return `${Math.trunc(age / unit)}${letter}${rest === 0 ? '' : `${rest}${smallerLetter}`}`;
}
