// A Dockerfile as its instructions, as far as this one goes: lines that continue, comments, flags, the exec form.

export interface Instruction {
  readonly line: number;
  /** In capitals. */
  readonly name: string;
  /** `--from=build`. */
  readonly flags: readonly string[];
  /** All after the flags. */
  readonly text: string;
}

export interface Stage {
  readonly image: string;
  readonly alias: string | undefined;
  readonly instructions: readonly Instruction[];
}

export interface Dockerfile {
  /** Before the first stage. */
  readonly arguments: readonly Instruction[];
  readonly stages: readonly Stage[];
}

export function parseDockerfile(source: string): Dockerfile {
  const all = instructionsIn(source);
  const starts = all.flatMap(({ name }, index) => (name === 'FROM' ? [index] : []));
  const stages = starts.map((start, index) => {
    const { text } = all[start] ?? { text: '' };
    const [image = '', , alias] = text.split(/\s+/);
    return { image, alias, instructions: all.slice(start + 1, starts[index + 1]) };
  });
  return { arguments: all.slice(0, starts[0]), stages };
}

/** Undefined where it is a shell's. */
export function execForm({ text }: Pick<Instruction, 'text'>): readonly string[] | undefined {
  return text.startsWith('[') ? (JSON.parse(text) as readonly string[]) : undefined;
}

/** What is copied where; `from` is a stage's name, absent: from the context. */
export function copyOf({ flags, text }: Instruction) {
  const from = flags.find((flag) => flag.startsWith('--from='))?.slice('--from='.length);
  const words = text.split(/\s+/);
  return { from, sources: words.slice(0, -1), target: words.at(-1) ?? '' };
}

function instructionsIn(source: string): readonly Instruction[] {
  const all: Instruction[] = [];
  const lines = source.split('\n');
  for (let at = 0; at < lines.length; at += 1) {
    const line = at + 1;
    let text = lines[at] ?? '';
    if (/^\s*(#|$)/.test(text)) continue;
    while (text.endsWith('\\')) {
      at += 1;
      const next = lines[at] ?? '';
      // A comment may stand within an instruction.
      text = /^\s*#/.test(next) ? text : `${text.slice(0, -1).trimEnd()} ${next.trim()}`;
    }
    const { name = '', rest = '' } = /^\s*(?<name>\w+)\s+(?<rest>.*)$/.exec(text)?.groups ?? {};
    const flags = /^(--\S+\s+)*/.exec(rest)?.[0] ?? '';
    all.push({
      line,
      name: name.toUpperCase(),
      flags: flags.split(/\s+/).filter(Boolean),
      text: rest.slice(flags.length).trim(),
    });
  }
  return all;
}
