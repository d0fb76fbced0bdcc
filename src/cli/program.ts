import { Command, CommanderError } from 'commander';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { pipelineVersion } from '../version.ts';
import { addAlertsCommand } from './commands/alerts.ts';
import { deferring } from './commands/deferred.ts';
import { addFetchCommand } from './commands/fetch.ts';
import { addHealthCommand } from './commands/health.ts';
import { addLineageCommand } from './commands/lineage.ts';
import { addQuarantineCommand } from './commands/quarantine.ts';
import { addReconcileCommand } from './commands/reconcile.ts';
import { addDryRunCommand, addRunCommand } from './commands/run.ts';
import { addRunsCommand } from './commands/runs.ts';
import { addSetupCommands } from './commands/setup.ts';
import { examplesFirst, exitCodesLast } from './help.ts';
import type { World } from './world.ts';

/** Runs the command that the arguments name. Returns its exit code; errors are told on stderr. */
export async function runProgram(world: World): Promise<ExitCode> {
  const version = await pipelineVersion(world.env);
  const outcome: Outcome = { code: exitCodes.done, misused: null };
  const program = buildProgram(world, version, outcome);
  try {
    await program.parseAsync([...world.args], { from: 'user' });
    return outcome.code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exitCodes.done;
    // The help stands on stderr already.
    if (error instanceof CommanderError && error.code === 'commander.help') return exitCodes.usage;
    // It makes reports, and loads kysely for that: nothing that --help should wait for.
    const { tellError } = await import('./tell-error.ts');
    return tellError(world, version, outcome.misused, error);
  }
}

type Outcome = {
  code: ExitCode;
  /** The command whose arguments were refused. */
  misused: Command | null;
};

/** The program with all its commands. */
export function buildProgram(world: World, version: string, outcome: Outcome): Command {
  const program = new Command('projetus')
    .description('Loads the spreadsheets and CSVs that Transferegov publishes into PostgreSQL, whole or not at all, with proof.')
    .version(version, '--version', 'print the version and end')
    .option('--config <file>', 'the configuration', 'config.yaml')
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'print nothing when all is well')
    .option('--verbose', 'say how every file was read, and why')
    .option('--no-color', 'no colours')
    .addHelpText('before', examplesFirst(['projetus run', 'projetus health', 'projetus lineage show ENTITY 1234567']))
    .addHelpText('afterAll', exitCodesLast())
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      writeErr: (text) => void world.stderr.write(text),
      // What was wrong with the arguments is told by `tellError`, as every other error.
      outputError: () => undefined,
    });
  const defer = deferring(world, (code) => (outcome.code = code));
  addRunCommand(program, defer);
  addDryRunCommand(program, defer);
  addFetchCommand(program, defer);
  addReconcileCommand(program, defer);
  addLineageCommand(program, defer);
  addRunsCommand(program, defer);
  addQuarantineCommand(program, defer);
  addAlertsCommand(program, defer);
  addHealthCommand(program, defer);
  addSetupCommands(program, defer);
  const commands = program.commands.flatMap((command) => [command, ...command.commands]);
  for (const command of commands) addGlobalOptions(command, program);
  for (const command of [program, ...commands]) {
    command.exitOverride((error) => {
      outcome.misused = command;
      throw error;
    });
  }
  return program;
}

/** The options that stand before a command may stand behind it too, where people look for them. */
function addGlobalOptions(command: Command, program: Command): void {
  command.copyInheritedSettings(program);
  command.configureHelp({ showGlobalOptions: true });
}
