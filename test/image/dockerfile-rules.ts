// What makes an image small, pinned and unprivileged, as hadolint and the CIS benchmark for Docker (4.1, 4.6, 4.9, 4.10) have it.
import { copyOf, type Dockerfile, execForm, type Instruction, type Stage } from './dockerfile.ts';

/** A sentence for each rule that is broken. */
export function dockerfileFaults(dockerfile: Dockerfile): readonly string[] {
  const last = dockerfile.stages.at(-1);
  return last
    ? [...dockerfile.stages.flatMap((stage) => stageFaults(stage, dockerfile)), ...lastStageFaults(last)]
    : ['It has no stage.'];
}

function stageFaults(stage: Stage, dockerfile: Dockerfile): readonly string[] {
  return [
    ...imageFaults(stage, dockerfile),
    ...stage.instructions.flatMap((one) => instructionFaults(one, dockerfile)),
  ];
}

/** Of ${NAME} what the ARG before the first stage gives. */
function imageFaults({ image, alias }: Stage, { arguments: given, stages }: Dockerfile): readonly string[] {
  if (stages.some((stage) => stage.alias === image)) return [];
  const name = /^\$\{(\w+)\}$/.exec(image)?.[1];
  const value =
    name === undefined ? image : (given.find(({ text }) => text.startsWith(`${name}=`))?.text.split('=')[1] ?? '');
  const tag = /^[a-z0-9./-]+:([\w.-]+)(@sha256:[0-9a-f]{64})?$/.exec(value)?.[1];
  if (tag === undefined || tag === 'latest')
    return [`Stage ${alias ?? 'at the end'} begins with "${value}", which has no tag that stays.`];
  return value.split('/').length < 3 ? [`"${value}" does not say which registry it is from.`] : [];
}

function instructionFaults(instruction: Instruction, { stages }: Dockerfile): readonly string[] {
  const { line, name, text, flags } = instruction;
  const faults: string[] = [];
  if (name === 'ADD') faults.push('ADD fetches and unpacks; use COPY.');
  if (name === 'MAINTAINER') faults.push('MAINTAINER is deprecated; use a LABEL.');
  if (name === 'RUN' && /\bsudo\b/.test(text)) faults.push('sudo has no place in a build.');
  if (name === 'RUN' && /\bnpm (i|install|update)\b/.test(text)) faults.push('npm ci keeps to the lock file.');
  const caches = flags.some((flag) => flag.startsWith('--mount=type=cache'));
  if (name === 'RUN' && /\bnpm ci\b/.test(text) && !caches) faults.push('npm leaves its cache in the layer.');
  if (name === 'RUN' && /\bapt-get install\b/.test(text) && !/rm -rf \/var\/lib\/apt\/lists/.test(text))
    faults.push('apt-get leaves its lists in the layer.');
  if (name === 'RUN' && /(curl|wget)\b.*\|/.test(text)) faults.push('What is fetched is run unseen.');
  if (/^(ENV|ARG)$/.test(name) && /(password|secret|token|_key)\b/i.test(text))
    faults.push('A secret would stay in the image.');
  if (name === 'WORKDIR' && !text.startsWith('/')) faults.push('WORKDIR must be absolute.');
  if (name === 'COPY') {
    const { from, sources } = copyOf(instruction);
    if (from !== undefined && !stages.some(({ alias }) => alias === from)) faults.push(`There is no stage "${from}".`);
    if (from === undefined && sources.includes('.')) faults.push('The whole context is copied.');
  }
  if (/^(ENTRYPOINT|CMD)$/.test(name) && !execForm(instruction))
    faults.push(`${name} runs through a shell, which takes no signals.`);
  return faults.map((fault) => `Line ${line}: ${fault}`);
}

function lastStageFaults({ instructions }: Stage): readonly string[] {
  const user = instructions.findLast(({ name }) => name === 'USER')?.text ?? '';
  const lacks = (wanted: string) => !instructions.some(({ name }) => name === wanted);
  const labels = instructions
    .filter(({ name }) => name === 'LABEL')
    .map(({ text }) => text)
    .join(' ');
  const annotations = ['title', 'description', 'version', 'revision', 'licenses'].map(
    (key) => `org.opencontainers.image.${key}`,
  );
  return [
    // By number, or Kubernetes cannot tell that it is not root (runAsNonRoot).
    ...(/^[1-9]\d*(:[1-9]\d*)?$/.test(user) ? [] : [`The user is "${user}": give a number other than 0.`]),
    ...(lacks('ENTRYPOINT') ? ['It has no ENTRYPOINT.'] : []),
    ...(lacks('HEALTHCHECK') ? ['It says nothing of HEALTHCHECK.'] : []),
    ...(lacks('RUN') ? [] : ['The last stage runs something: it holds what that leaves.']),
    ...annotations.filter((key) => !labels.includes(`${key}=`)).map((key) => `It has no label ${key}.`),
  ];
}
