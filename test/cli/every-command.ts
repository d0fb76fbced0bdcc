import type { Command } from 'commander';
import { buildProgram } from '../../src/cli/program.ts';
import type { World } from '../../src/cli/world.ts';

/** The program in a world in which nothing happens; `printed` gets what it writes. */
export function programIn(printed: string[]): Command {
  const out = { write: (text: string) => printed.push(text) };
  const world = { args: [], env: {}, stdout: out, stderr: out } as unknown as World;
  return buildProgram(world, '0.0.0+test', { code: 0, misused: null });
}

/** Every command that can be called, with the words that call it: `lineage show`. */
export function everyCommand(program: Command, words = ''): { words: string; command: Command }[] {
  const below = program.commands.flatMap((command) => everyCommand(command, `${words} ${command.name()}`.trim()));
  return [{ words, command: program }, ...below];
}

/** The words of every command that does something, so that a test of all of them cannot forget a new one. */
export function everyLeaf(): string[] {
  return everyCommand(programIn([])).flatMap(({ words, command }) => (command.commands.length === 0 ? [words] : []));
}
