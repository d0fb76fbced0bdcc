import type { Command } from 'commander';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { bashCompletion } from './completion/bash.ts';
import { fishCompletion } from './completion/fish.ts';
import { completionTree, type CompletionNode } from './completion/tree.ts';
import { zshCompletion } from './completion/zsh.ts';
import type { CommonOptions, World } from './world.ts';

const scripts: Readonly<Record<string, (nodes: readonly CompletionNode[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** The action for this very program: it is asked for its commands. */
export function completionOf(program: Command) {
  return {
    action: async (world: World, _: CommonOptions, shell: string): Promise<ExitCode> => {
      world.stdout.write(scripts[shell]!(completionTree(program)));
      return exitCodes.done;
    },
  };
}
