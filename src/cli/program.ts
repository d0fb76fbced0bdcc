import { Command, CommanderError } from 'commander';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { errorReport } from '../run/examined.ts';
import { asProjetusError } from '../run/report.ts';
import { pipelineVersion } from '../version.ts';
import { addLineageCommand } from './lineage.ts';
import { addRunCommand } from './run.ts';
import { errorText } from './show-run.ts';
import { styleFor } from './style.ts';
import type { World } from './world.ts';

/** Runs the command that the arguments name. Returns its exit code; errors are told on stderr. */
export async function runProgram(world: World): Promise<ExitCode> {
  let code: ExitCode = exitCodes.done;
  const program = await buildProgram(world, (ended) => (code = ended));
  try {
    await program.parseAsync([...world.args], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
    const known = asProjetusError(world.signal.aborted ? world.signal.reason : error);
    if (world.args.includes('--json'))
      world.stdout.write(`${JSON.stringify({ schema: 'projetus.error/1', error: errorReport(known) }, null, 2)}\n`);
    world.stderr.write(
      errorText(errorReport(known), styleFor(world.stderr, world, { color: !world.args.includes('--no-color') })),
    );
    if (world.args.includes('--verbose') && error instanceof Error) world.stderr.write(`${error.stack}\n`);
    return known.exitCode;
  }
}

async function buildProgram(world: World, end: (code: ExitCode) => void): Promise<Command> {
  const program = new Command('projetus')
    .description('Loads the spreadsheets and CSVs that Transferegov publishes into PostgreSQL, whole or not at all, with proof.')
    .version(await pipelineVersion(world.env), '--version', 'print the version and end')
    .option('--config <file>', 'the configuration', 'config.yaml')
    .option('--json', 'one JSON document on stdout')
    .option('--quiet', 'print nothing when all is well')
    .option('--verbose', 'say how every file was read, and why')
    .option('--no-color', 'no colours')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ writeOut: (text) => void world.stdout.write(text), writeErr: (text) => void world.stderr.write(text) });
  addRunCommand(program, world, end);
  addLineageCommand(program, world, end);
  for (const command of program.commands.flatMap((candidate) => [candidate, ...candidate.commands]))
    addGlobalOptions(command, program);
  return program;
}

/** The options that stand before a command may stand behind it too, where people look for them. */
function addGlobalOptions(command: Command, program: Command): void {
  command.copyInheritedSettings(program);
  command.configureHelp({ showGlobalOptions: true });
}
