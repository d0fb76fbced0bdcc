/** One instruction of a Dockerfile. */
export type Instruction = { readonly name: string; readonly flags: Readonly<Record<string, string>>; readonly rest: string };

/** A stage: its image, its name if it has one, and its instructions after FROM. */
export type Stage = { readonly image: string; readonly name: string | null; readonly steps: readonly Instruction[] };

/** Reads the part of the language that ours is written in: no heredocs, no ARG before FROM, no other escape than `\`. */
export function readDockerfile(text: string): readonly Stage[] {
  const stages: { image: string; name: string | null; steps: Instruction[] }[] = [];
  for (const instruction of instructionsOf(text)) {
    if (instruction.name !== 'FROM') {
      stages.at(-1)!.steps.push(instruction);
      continue;
    }
    const [image, , name] = instruction.rest.split(/\s+/);
    stages.push({ image: image!, name: name ?? null, steps: [] });
  }
  return stages;
}

function instructionsOf(text: string): Instruction[] {
  const lines = text.split('\n').filter((line) => !/^\s*(#|$)/.test(line));
  const joined = lines.join('\n').replaceAll(/\\\n\s*/g, ' ');
  return joined.split('\n').map((line) => {
    const [, name, flags, rest] = /^(\w+)\s+((?:--\S+\s+)*)(.+)$/.exec(line)!;
    return { name: name!.toUpperCase(), flags: flagsOf(flags!), rest: rest!.trim() };
  });
}

/** `--from=build --chown=1000:1000`. */
function flagsOf(text: string): Record<string, string> {
  return Object.fromEntries(Array.from(text.matchAll(/--([\w-]+)=(\S+)/g), ([, name, value]) => [name!, value!]));
}

/** The command of CMD and HEALTHCHECK, which ours write as JSON. */
export function commandOf({ rest }: Instruction): readonly string[] {
  return JSON.parse(rest.replace(/^CMD\s+/, '')) as string[];
}

/** `A=1 B=2` of ENV. */
export function variablesOf({ rest }: Instruction): Readonly<Record<string, string>> {
  return Object.fromEntries(
    rest.split(/\s+/).map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

/** What COPY takes and where it goes. */
export function copyOf({ rest }: Instruction): { readonly sources: readonly string[]; readonly target: string } {
  const words = rest.split(/\s+/);
  return { sources: words.slice(0, -1), target: words.at(-1)! };
}

/** The names that .dockerignore lets through: ours shuts everything out, then names what may pass. */
export function admittedBy(dockerignore: string): ReadonlySet<string> {
  const lines = dockerignore.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  if (lines[0] !== '*' || lines.slice(1).some((line) => !/^![\w.-]+$/.test(line)))
    throw new Error('.dockerignore is a * and then names with a ! in front');
  return new Set(lines.slice(1).map((line) => line.slice(1)));
}
