import type { Command } from 'commander';
import { createInterface } from 'node:readline/promises';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { isDay } from '../core/business-date.ts';
import { ProjetusError } from '../core/errors.ts';
import type { ExitCode } from '../core/exit-codes.ts';
import type { RunReport } from '../core/report.ts';
import { run } from '../pipeline.ts';
import { failedReport } from '../run/report.ts';
import { pipelineVersion } from '../version.ts';
import { helpEnd } from './help.ts';
import { progressLine } from './progress.ts';
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
  readonly yes?: boolean;
};

export function addRunCommand(program: Command, world: World, end: (code: ExitCode) => void): void {
  program
    .command('run')
    .description('Load the day’s files into the database, whole or not at all')
    .option('--dataset <name...>', 'only these datasets (default: all)')
    .option('--date <YYYY-MM-DD>', 'the business date: read the folder of that day (default: the newest folder, as of today)')
    .option('--force', 'parse files that are known already; allow an older --date')
    .option('--strict', 'warnings end with exit code 3')
    .option('--yes', 'do not ask before loading into a database that holds data')
    .addHelpText(
      'after',
      helpEnd([
        'projetus run',
        'projetus run --dataset NAME --date 2026-11-20',
        'DATABASE_URL=postgres://user@host/db projetus run --json',
      ]),
    )
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<RunOptions>();
      const report = await execute(world, options);
      show(world, options, report);
      end(report.exit_code);
    });
}

async function execute(world: World, options: RunOptions): Promise<RunReport> {
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
      force: Boolean(options.force),
      strict: Boolean(options.strict),
      pipelineVersion: version,
      clock: world.clock,
      random: world.random(),
      host: world.host,
      signal: world.signal,
      connectRetryMs,
      confirm: options.yes || options.json ? null : confirmation(world),
      onProgress: line.show,
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

/** Asks on a terminal; where there is nobody, nothing is asked. */
function confirmation(world: World): ((question: string) => Promise<boolean>) | null {
  if (!world.stdin.isTTY || !world.stderr.isTTY) return null;
  return async (question) => {
    using terminal = createInterface({ input: world.stdin, output: world.stderr as NodeJS.WriteStream });
    const answer = await terminal.question(`${question} [y/N] `, { signal: world.signal });
    return /^(y|yes|s|sim)$/i.test(answer.trim());
  };
}

function show(world: World, options: RunOptions, report: RunReport): void {
  const isWell = report.exit_code === 0;
  if (options.json) world.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else if (!options.quiet || !isWell) world.stdout.write(summary(world, options, report));
  if (report.error) world.stderr.write(errorText(report.error, styleFor(world.stderr, world, options)));
}

function summary(world: World, options: RunOptions, report: RunReport): string {
  if (world.stdout.isTTY || options.verbose)
    return runSummary(report, styleFor(world.stdout, world, options), Boolean(options.verbose));
  return runLog(report);
}
