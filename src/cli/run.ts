import type { Command } from 'commander';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { isDay } from '../core/business-date.ts';
import { ProjetusError } from '../core/errors.ts';
import { guards } from '../core/guard.ts';
import type { ExitCode } from '../core/exit-codes.ts';
import type { RunReport } from '../core/report.ts';
import { run } from '../pipeline.ts';
import { failedReport } from '../run/report.ts';
import { pipelineVersion } from '../version.ts';
import { acceptances } from './acceptances.ts';
import { tellBug } from './bug.ts';
import { confirmation } from './confirmation.ts';
import { helpEnd } from './help.ts';
import { jsonText } from './json.ts';
import { networkOf } from './network.ts';
import { progressLine } from './progress.ts';
import { writeReport } from './report-file.ts';
import { errorText, runLog, runSummary } from './show-run.ts';
import { styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

/** How long a database that does not answer is tried again. */
const connectRetryMs = 60_000;

type RunOptions = CommonOptions & {
  readonly dataset?: readonly string[];
  readonly date?: string;
  readonly force?: boolean;
  readonly strict?: boolean;
  readonly accept?: readonly string[];
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly out?: string;
};

export function addRunCommand(program: Command, world: World, end: (code: ExitCode) => void): void {
  addRunOptions(program.command('run'))
    .description('Load the day’s files into the database, whole or not at all')
    .option('--dry-run', 'do everything, show it, and roll it back')
    .option('--yes', 'do not ask before loading into a database that holds data')
    .addHelpText(
      'after',
      helpEnd([
        'projetus run',
        'projetus run --dry-run',
        'projetus run --dataset NAME --date 2026-11-20',
        'projetus run --accept volume:NAME',
        'DATABASE_URL=postgres://user@host/db projetus run --json',
      ]),
    )
    .action(async (_, command: Command) => {
      end(await execute(world, command.optsWithGlobals<RunOptions>()));
    });
}

export function addDryRunCommand(program: Command, world: World, end: (code: ExitCode) => void): void {
  addRunOptions(program.command('dry-run'))
    .description('Show what the next run would do; nothing is written (the same as run --dry-run)')
    .addHelpText('after', helpEnd(['projetus dry-run', 'projetus dry-run --json --out report.json']))
    .action(async (_, command: Command) => {
      end(await execute(world, { ...command.optsWithGlobals<RunOptions>(), dryRun: true }));
    });
}

function addRunOptions(command: Command): Command {
  return command
    .option('--dataset <name...>', 'only these datasets (default: all)')
    .option('--date <YYYY-MM-DD>', 'the business date: read the folder of that day (default: the newest folder, as of today)')
    .option('--force', 'parse files that are known already; allow an older --date')
    .option('--accept <guard:name...>', `let a dataset pass a guard this once (${guards.join(', ')})`)
    .option('--strict', 'warnings end with exit code 3')
    .option('--out <file>', 'write the JSON report to a file too, with the time in its name');
}

async function execute(world: World, options: RunOptions): Promise<ExitCode> {
  const report = await reportOf(world, options);
  if (options.out !== undefined) await writeReport(world, options.out, report);
  show(world, options, report);
  return report.exit_code;
}

async function reportOf(world: World, options: RunOptions): Promise<RunReport> {
  const version = await pipelineVersion(world.env);
  const line = progressLine(world.stderr, world.clock, Boolean(world.stderr.isTTY) && !options.quiet && !options.json);
  try {
    if (options.date !== undefined && !isDay(options.date)) {
      throw new ProjetusError('usage', `--date ${options.date} is not a day.`, {
        hint: 'write it as YYYY-MM-DD, such as 2026-11-22',
      });
    }
    const config = await loadConfig({ path: options.config, env: world.env });
    if (options.verbose) tellInert(world, config);
    return await run({
      config,
      datasets: options.dataset ?? [],
      date: options.date ?? null,
      isDryRun: Boolean(options.dryRun),
      force: Boolean(options.force),
      strict: Boolean(options.strict),
      accept: acceptances(options.accept ?? [], config.extraction.datasets),
      pipelineVersion: version,
      clock: world.clock,
      random: world.random(),
      host: world.host,
      signal: world.signal,
      connectRetryMs,
      network: networkOf(version),
      confirm: options.yes || options.json ? null : confirmation(world),
      onProgress: (progress) => {
        if (progress.phase === 'failing' && options.verbose) tellBug(world.stderr, progress.error);
        line.show(progress);
      },
    });
  } catch (error) {
    return failedReport(error, version, world.clock());
  } finally {
    line.clear();
  }
}

function tellInert(world: World, config: Config): void {
  for (const key of config.inert) world.stderr.write(`${key} is valid and does nothing yet in this version\n`);
}

function show(world: World, options: RunOptions, report: RunReport): void {
  const isWell = report.exit_code === 0;
  if (options.json) world.stdout.write(jsonText(report));
  else if (!options.quiet || !isWell) world.stdout.write(summary(world, options, report));
  if (report.error) world.stderr.write(errorText(report.error, styleFor(world.stderr, world, options)));
}

function summary(world: World, options: RunOptions, report: RunReport): string {
  // A dry run is there to be read.
  if (world.stdout.isTTY || options.verbose || options.dryRun)
    return runSummary(report, styleFor(world.stdout, world, options), Boolean(options.verbose));
  return runLog(report);
}
