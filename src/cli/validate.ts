// `relaykeeper validate PATH…`: reads the manifests, checks them, prints what is wrong.
import { type ValidationProblem, validateManifests } from '../api/validate-manifests.ts';
import { labelFaults } from '../api/validation/names.ts';
import { exitCodes, type Io, UnusableArgument } from './io.ts';
import { manifestFile, manifestSources } from './manifest-sources.ts';
import { templateFaults } from './template-faults.ts';
import type { ValidateFlags } from './validate-command.ts';
import { validationText } from './validation-text.ts';

export type ValidateIo = Pick<Io, 'stdin'> & { readonly stdout: Pick<Io['stdout'], 'write'> };

/** Gives the exit code: 0 valid, 1 invalid; throws UnusableArgument (2). */
export async function validate(paths: readonly string[], flags: ValidateFlags, io: ValidateIo): Promise<number> {
  if (labelFaults(flags.namespace).length > 0) {
    throw new UnusableArgument(
      `"${flags.namespace}" is no name of a namespace: use lower-case letters, digits and "-".`,
    );
  }
  const sources = await manifestSources(paths, io.stdin);
  const files = sources.map(manifestFile);
  const { namespace, allowMissingReferences = false } = flags;
  const { problems, resources, relays, policies } = validateManifests(files, {
    namespace,
    allowMissingReferences,
    judgeTexts: templateFaults,
  });
  const valid = problems.every(({ severity }) => severity === 'warning');
  io.stdout.write(
    flags.output === 'json'
      ? `${JSON.stringify({ valid, resources, problems: problems.map(problemJson) }, undefined, 2)}\n`
      : validationText(problems, { files: files.length, relays, policies, others: resources - relays - policies }),
  );
  return valid ? exitCodes.succeeded : exitCodes.failed;
}

/** Every field is there, null where nothing is known, so that scripts need not ask. */
function problemJson({ file, position, severity, object, fieldPath, reason, message }: ValidationProblem) {
  return {
    file,
    line: position?.line ?? null,
    column: position?.column ?? null,
    severity,
    object: object ?? null,
    fieldPath,
    reason: reason ?? null,
    message,
  };
}
