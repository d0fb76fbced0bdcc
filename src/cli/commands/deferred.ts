import type { Command } from 'commander';
import type { ExitCode } from '../../core/exit-codes.ts';
import type { CommonOptions, World } from '../world.ts';

/** What the module of an action exports. It gets the options, those of the program among them, then the arguments. */
type ActionModule<Options extends CommonOptions, Arguments extends readonly unknown[]> = {
  readonly action: (world: World, options: Options, ...args: Arguments) => Promise<ExitCode>;
};

/** Makes what commander calls of an action whose module is loaded by that call. */
export type Defer = <Options extends CommonOptions, Arguments extends readonly unknown[]>(
  load: () => Promise<ActionModule<Options, Arguments>>,
) => (...given: unknown[]) => Promise<void>;

/**
 * Commands are defined without the packages that their actions need: with all of them `--help` loaded 951 modules, which
 * took 0.7 s of CPU.
 */
export function deferring(world: World, end: (code: ExitCode) => void): Defer {
  return <Options extends CommonOptions, Arguments extends readonly unknown[]>(
      load: () => Promise<ActionModule<Options, Arguments>>,
    ) =>
    async (...given) => {
      // Commander gives the arguments, the command's own options, and the command.
      const args = given.slice(0, -2) as readonly unknown[] as Arguments;
      const command = given.at(-1) as Command;
      const { action } = await load();
      end(await action(world, command.optsWithGlobals<Options>(), ...args));
    };
}
