import type { Command } from 'commander';
import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { findRun, listRuns, unknownRun, type RunsReport } from '../run-log.ts';
import { withOperationalTables } from '../runs.ts';
import { undoRun, type UndoJob } from '../undo/undo-run.ts';
import { pipelineVersion } from '../version.ts';
import { confirmation } from './confirmation.ts';
import { connect } from './connect.ts';
import { helpEnd } from './help.ts';
import { jsonText } from './json.ts';
import { wholeNumber } from './lineage-run.ts';
import { runsText, storedDocument, storedText } from './show-runs.ts';
import { undoText } from './show-undo.ts';
import { styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

type End = (code: ExitCode) => void;

export function addRunsCommand(program: Command, world: World, end: End): void {
  const runs = program
    .command('runs')
    .description('What was done when, and taking it back')
    .addHelpText('after', helpEnd(['projetus runs list', 'projetus runs undo 20261122T121500-3f9a1c --dry-run']));
  addList(runs, world, end);
  addShow(runs, world, end);
  addUndo(runs, world, end);
}

type ListOptions = CommonOptions & { readonly limit: number };

function addList(runs: Command, world: World, end: End): void {
  runs
    .command('list')
    .option('--limit <count>', 'how many', wholeNumber, 20)
    .description('The newest runs: when, how they ended, and their counts')
    .addHelpText('after', helpEnd(['projetus runs list', 'projetus runs list --limit 365 --json']))
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<ListOptions>();
      const config = await loadConfig({ path: options.config, env: world.env });
      await using database = await connect(world, config);
      const none: RunsReport = { schema: 'projetus.runs/1', runs: [] };
      const report = (await withOperationalTables(database, (db) => listRuns(db, options.limit))) ?? none;
      world.stdout.write(options.json ? jsonText(report) : runsText(report, styleFor(world.stdout, world, options)));
      end(exitCodes.done);
    });
}

function addShow(runs: Command, world: World, end: End): void {
  runs
    .command('show')
    .argument('<id>', 'the run, or the beginning of its id')
    .description('The report of one run, as it was stored')
    .addHelpText('after', helpEnd(['projetus runs show 20261122T121500-3f9a1c', 'projetus runs show 20261122 --json']))
    .action(async (id: string, _, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const config = await loadConfig({ path: options.config, env: world.env });
      await using database = await connect(world, config);
      const run = await withOperationalTables(database, (db) => findRun(db, id));
      if (!run) throw unknownRun(id);
      world.stdout.write(
        options.json
          ? jsonText(storedDocument(run))
          : storedText(run, styleFor(world.stdout, world, options), Boolean(options.verbose)),
      );
      end(exitCodes.done);
    });
}

type UndoOptions = CommonOptions & { readonly dryRun?: boolean; readonly yes?: boolean };

function addUndo(runs: Command, world: World, end: End): void {
  runs
    .command('undo')
    .argument('<id>', 'the run, or the beginning of its id')
    .option('--dry-run', 'do everything, show it, and roll it back')
    .option('--yes', 'do not ask')
    .description('Give the records that a run changed the values from before it; what later runs changed stays, and is listed')
    .addHelpText(
      'after',
      helpEnd(['projetus runs undo 20261122T121500-3f9a1c --dry-run', 'projetus runs undo 20261122T121500-3f9a1c --yes']),
    )
    .action(async (id: string, _, command: Command) => {
      const options = command.optsWithGlobals<UndoOptions>();
      const config = await loadConfig({ path: options.config, env: world.env });
      await using database = await connect(world, config);
      const version = await pipelineVersion(world.env);
      const report = await undoRun(database, {
        run: id,
        isDryRun: Boolean(options.dryRun),
        datasets: config.extraction.datasets,
        configHash: config.hash,
        keepsLineage: config.lineage.enabled,
        pipelineVersion: config.lineage.trackPipelineVersion ? version : 'untracked',
        clock: world.clock,
        random: world.random(),
        host: world.host,
        signal: world.signal,
        confirm: options.yes || options.json ? null : askFirst(world),
      });
      if (options.json) world.stdout.write(jsonText(report));
      else if (!options.quiet) world.stdout.write(undoText(report, styleFor(world.stdout, world, options)));
      end(report.exit_code);
    });
}

function askFirst(world: World): UndoJob['confirm'] {
  const ask = confirmation(world);
  return (
    ask &&
    (async (run) => {
      if (await ask(`Undo run ${run.id} of ${run.started_at.toISOString()} (${run.datasets.join(', ')})?`)) return;
      throw new ProjetusError('declined', 'Nothing was undone.', { hint: 'add --yes to undo without the question' });
    })
  );
}
