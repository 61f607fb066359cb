// Memory for bodies under way, of all requests together: what is past it is answered with 503 and sent again later.

export interface BodyBudget {
  /** False where there is no room; nothing is taken then. */
  readonly take: (bytes: number) => boolean;
  readonly give: (bytes: number) => void;
}

export function createBodyBudget(most: number): BodyBudget {
  let taken = 0;
  return {
    take: (bytes) => {
      if (taken + bytes > most) return false;
      taken += bytes;
      return true;
    },
    give: (bytes) => {
      taken -= bytes;
    },
  };
}
