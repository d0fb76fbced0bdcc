import { Command, CommanderError } from 'commander';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { errorReport } from '../run/examined.ts';
import { asProjetusError, failedReport } from '../run/report.ts';
import { pipelineVersion } from '../version.ts';
import { addAlertsCommand } from './alerts.ts';
import { tellBug } from './bug.ts';
import { addHealthCommand } from './health.ts';
import { helpEnd } from './help.ts';
import { jsonText } from './json.ts';
import { addLineageCommand } from './lineage.ts';
import { addQuarantineCommand } from './quarantine.ts';
import { addReconcileCommand } from './reconcile.ts';
import { addDryRunCommand, addRunCommand } from './run.ts';
import { addRunsCommand } from './runs.ts';
import { errorText } from './show-run.ts';
import { styleFor } from './style.ts';
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
    return tellError(world, version, outcome.misused, error);
  }
}

type Outcome = {
  code: ExitCode;
  /** The command whose arguments were refused. */
  misused: Command | null;
};

function buildProgram(world: World, version: string, outcome: Outcome): Command {
  const program = new Command('projetus')
    .description('Loads the spreadsheets and CSVs that Transferegov publishes into PostgreSQL, whole or not at all, with proof.')
    .version(version, '--version', 'print the version and end')
    .option('--config <file>', 'the configuration', 'config.yaml')
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'print nothing when all is well')
    .option('--verbose', 'say how every file was read, and why')
    .option('--no-color', 'no colours')
    .addHelpText('after', helpEnd(['projetus run', 'projetus lineage show ENTITY 1234567']))
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => void world.stdout.write(text),
      writeErr: (text) => void world.stderr.write(text),
      // What was wrong with the arguments is told by `tellError`, as every other error.
      outputError: () => undefined,
    });
  const end = (code: ExitCode) => void (outcome.code = code);
  addRunCommand(program, world, end);
  addDryRunCommand(program, world, end);
  addReconcileCommand(program, world, end);
  addLineageCommand(program, world, end);
  addRunsCommand(program, world, end);
  addQuarantineCommand(program, world, end);
  addAlertsCommand(program, world, end);
  addHealthCommand(program, world, end);
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

function tellError(world: World, version: string, misused: Command | null, thrown: unknown): ExitCode {
  const error =
    thrown instanceof CommanderError
      ? usageError(thrown, misused)
      : asProjetusError(world.signal.aborted ? world.signal.reason : thrown);
  if (world.args.includes('--json')) {
    const document =
      misused?.name() === 'run' || misused?.name() === 'dry-run'
        ? failedReport(error, version, world.clock())
        : { schema: 'projetus.error/1', error: errorReport(error) };
    world.stdout.write(jsonText(document));
  }
  world.stderr.write(errorText(errorReport(error), styleFor(world.stderr, world, { color: !world.args.includes('--no-color') })));
  if (world.args.includes('--verbose') && error.code === 'unexpected') tellBug(world.stderr, thrown);
  return error.exitCode;
}

/** `error: unknown option '--stric'\n(Did you mean --strict?)`, as one of our errors. */
function usageError(error: CommanderError, misused: Command | null): ProjetusError {
  const [message, suggestion] = error.message.replace(/^error: /, '').split('\n');
  const path = [];
  for (let command = misused; command; command = command.parent) path.unshift(command.name());
  return new ProjetusError('usage', message!, {
    hint: suggestion ? suggestion.replace(/^\(D(.*)\)$/, 'd$1') : `${path.join(' ')} --help shows what there is`,
    cause: error,
  });
}
