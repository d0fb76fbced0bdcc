import { CommanderError, type Command } from 'commander';
import { ProjetusError } from '../core/errors.ts';
import type { ExitCode } from '../core/exit-codes.ts';
import { errorReport } from '../run/examined.ts';
import { asProjetusError, failedReport } from '../run/report.ts';
import { tellBug } from './bug.ts';
import { jsonText } from './json.ts';
import { errorText } from './show-run.ts';
import { styleFor } from './style.ts';
import type { World } from './world.ts';

/** Tells what stopped a command on stderr, and as a document with --json. Returns its exit code. */
export function tellError(world: World, version: string, misused: Command | null, thrown: unknown): ExitCode {
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
