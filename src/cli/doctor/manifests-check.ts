// The manifests of a directory, as `relaykeeper validate` judges them.
import { type ValidationProblem, validateManifests } from '../../api/validate-manifests.ts';
import { manifestFile, manifestSources } from '../manifest-sources.ts';
import { templateFaults } from '../template-faults.ts';
import type { DirectoryWorld } from './directory-world.ts';
import { type Check, doubtful, type Finding, fine, wrong } from './finding.ts';

export const manifestsCheck: Check<DirectoryWorld> = { name: 'manifests', look };

const told = 5;

async function look({ directory, namespace = 'default' }: DirectoryWorld): Promise<readonly Finding[]> {
  const sources = await manifestSources([directory], nothing());
  const { problems } = validateManifests(sources.map(manifestFile), {
    namespace,
    allowMissingReferences: false,
    judgeTexts: templateFaults,
  });
  const errors = problems.filter(({ severity }) => severity === 'error');
  const warnings = problems.length - errors.length;
  const remedy = `relaykeeper validate ${directory} shows each with file, line and column.`;
  if (problems.length === 0) return [fine(`All ${sources.length} files are valid.`)];
  return [
    ...errors.slice(0, told).map((problem) => wrong(problemText(problem), remedy)),
    ...(errors.length > told ? [wrong(`${errors.length - told} more are wrong.`, remedy)] : []),
    ...(warnings > 0 ? [doubtful(`There are ${warnings} warnings.`, remedy)] : []),
  ];
}

function problemText({ file, position, fieldPath, message }: ValidationProblem): string {
  const place = position ? `${file}:${position.line}:${position.column}` : file;
  return `${place}: ${fieldPath === '' ? '' : `${fieldPath}: `}${message}`;
}

/** Standard input is none of the paths. */
async function* nothing(): AsyncGenerator<Buffer> {}
