import manifest from '../../package.json' with { type: 'json' };

export const { version } = manifest;

/** Put in place of this name when the program is bundled (scripts/bundle.ts); from the sources there is none. */
declare const RELAYKEEPER_COMMIT: string | undefined;

/** The commit that it was built from, where the build knew. */
export const commit = typeof RELAYKEEPER_COMMIT === 'undefined' ? undefined : RELAYKEEPER_COMMIT;
