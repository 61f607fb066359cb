import { Command, Option } from 'commander';
import type { Io } from './io.ts';

export interface ValidateFlags {
  readonly namespace: string;
  readonly output: 'text' | 'json';
  readonly allowMissingReferences?: boolean;
}

/** `relaykeeper validate`: the offline check of manifests, as for a pull request. */
export function validateCommand(io: Io, done: (exitCode: number) => void): Command {
  return new Command('validate')
    .description('Check manifests offline: schema, rules across fields, and references among the given files.')
    .argument('<path...>', 'files, directories (all .yaml, .yml and .json in them), or - for standard input')
    .option('-n, --namespace <name>', 'the namespace of objects that name none', 'default')
    .option('--allow-missing-references', 'let relays, Secrets and ConfigMaps be elsewhere')
    .addOption(new Option('-o, --output <format>', 'what is printed').choices(['text', 'json']).default('text'))
    .addHelpText('after', '\nExit code: 0 valid, 1 invalid, 2 unusable arguments.')
    .action(async (paths: readonly string[], flags: ValidateFlags) => {
      const { validate } = await import('./validate.ts');
      done(await validate(paths, flags, io));
    });
}
