// A listener that throws must not end the watch that called it; it is told instead.
import { errorText } from '../../api/error-text.ts';
import type { StoreProblem } from '../store.ts';

export interface Guard {
  readonly subject: string;
  readonly problem: (problem: StoreProblem) => void;
}

export function guarded(call: () => void, { subject, problem }: Guard): void {
  try {
    call();
  } catch (error) {
    problem({ subject, message: `internal error: ${errorText(error)}` });
  }
}
