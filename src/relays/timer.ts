// Calling back later, as a parameter, so that tests drive it.

/** Calls back once so many milliseconds have passed; what it gives cancels that. */
export type SetTimer = (callback: () => void, milliseconds: number) => () => void;

/** A longer time would overflow in setTimeout, and end at once. */
const longest = 2 ** 31 - 1;

/** Calls back early, after 24 days, where it should be later: whoever is woken looks at the clock anyway. */
export const systemTimer: SetTimer = (callback, milliseconds) => {
  const timer = setTimeout(callback, Math.min(milliseconds, longest));
  return () => clearTimeout(timer);
};
