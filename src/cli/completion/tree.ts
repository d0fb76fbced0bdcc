import type { Command, Option } from 'commander';

/** A command as a shell completes behind it. */
export type CompletionNode = {
  /** The words of the command, each with a blank before it; empty for the program: ` lineage show`. */
  readonly path: string;
  readonly commands: readonly Described[];
  readonly options: readonly CompletionOption[];
  /** What its first argument may be, where that is a choice. */
  readonly choices: readonly string[];
};

export type Described = { readonly name: string; readonly description: string };

export type CompletionOption = {
  /** `--quiet`; `-h` and `--help`. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  readonly choices: readonly string[];
};

/** The program and all its commands, as commander knows them: a completion made of it cannot drift from the program. */
export function completionTree(program: Command): CompletionNode[] {
  return nodesOf(program, '');
}

function nodesOf(command: Command, path: string): CompletionNode[] {
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const options = [...help.visibleOptions(command), ...(command.parent ? help.visibleGlobalOptions(command) : [])];
  const node = {
    path,
    commands: commands.map((child) => ({ name: child.name(), description: child.description() })),
    options: options.map(optionOf),
    choices: command.registeredArguments[0]?.argChoices ?? [],
  };
  const children = command.commands.filter((child) => commands.includes(child));
  return [node, ...children.flatMap((child) => nodesOf(child, `${path} ${child.name()}`))];
}

function optionOf({ short, long, description, required, optional, argChoices }: Option): CompletionOption {
  return {
    flags: [short, long].flatMap((flag) => flag ?? []),
    description,
    takesValue: required || optional,
    choices: argChoices ?? [],
  };
}
