// Waits for something to become true, with a deadline that a slow machine does not reach.

type Answer<Found> = Found | false | undefined;

/** Resolves once the check gives something other than false or undefined; rejects with the description after 20 s, or as said. */
export async function eventually<Found>(
  what: string,
  check: () => Answer<Found> | Promise<Answer<Found>>,
  { within }: { readonly within: number } = { within: 20_000 },
): Promise<Found> {
  const deadline = performance.now() + within;
  for (;;) {
    const found = await check();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
