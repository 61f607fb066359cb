// `relaykeeper version`: what runs here, for a report of a fault.
import { Command, Option } from 'commander';
import { relayApiVersion } from '../api/smtp-relay.ts';
import { exitCodes, type Io } from './io.ts';
import { commit, version } from './version.ts';

export function versionCommand(io: Io, done: (exitCode: number) => void): Command {
  return new Command('version')
    .description('Show the version, and what it runs on.')
    .addOption(new Option('-o, --output <format>', 'what is printed').choices(['text', 'json']).default('text'))
    .action(({ output }: { readonly output: 'text' | 'json' }) => {
      const facts = versionFacts();
      io.stdout.write(output === 'json' ? `${JSON.stringify(facts, undefined, 2)}\n` : versionText(facts));
      done(exitCodes.succeeded);
    });
}

type VersionFacts = ReturnType<typeof versionFacts>;

/** `commit` is null where the build did not know it. */
function versionFacts() {
  return {
    version,
    commit: commit ?? null,
    api: relayApiVersion,
    node: process.versions.node,
    platform: `${process.platform}/${process.arch}`,
  };
}

function versionText(facts: VersionFacts): string {
  const built = facts.commit === null ? '' : ` (commit ${facts.commit})`;
  return `relaykeeper ${facts.version}${built}\nAPI ${facts.api}, Node ${facts.node}, ${facts.platform}\n`;
}
