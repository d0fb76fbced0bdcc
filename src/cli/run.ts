import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { writableByOthers } from '../config/writable-by-others.ts';
import { isDay } from '../core/business-date.ts';
import { ProjetusError } from '../core/errors.ts';
import type { ExitCode } from '../core/exit-codes.ts';
import type { RunReport } from '../core/report.ts';
import { patience } from '../fetch/fetching.ts';
import { run } from '../pipeline.ts';
import { failedReport } from '../run/report.ts';
import { pipelineVersion } from '../version.ts';
import { acceptances } from './acceptances.ts';
import { tellBug } from './bug.ts';
import { confirmation } from './confirmation.ts';
import { jsonText } from './json.ts';
import { networkOf } from './network.ts';
import { progressLine } from './progress.ts';
import { writeReport } from './report-file.ts';
import { errorText, runLog, runSummary } from './show-run.ts';
import { printable, styleFor } from './style.ts';
import { withinTimeLimit } from './time-limit.ts';
import type { Duration } from './commands/duration.ts';
import type { CommonOptions, World } from './world.ts';

/** How long a database that does not answer is tried again. */
const connectRetryMs = 60_000;
const mostKnownRecords = 3_000_000;

type RunOptions = CommonOptions & {
  readonly dataset?: readonly string[];
  readonly date?: string;
  readonly fetch: boolean;
  readonly force?: boolean;
  readonly strict?: boolean;
  readonly accept?: readonly string[];
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly out?: string;
  readonly timeout?: Duration;
};

export async function action(world: World, options: RunOptions): Promise<ExitCode> {
  const report = await boundedReport(world, options);
  if (options.out !== undefined) await writeReport(world, options.out, report);
  show(world, options, report);
  return report.exit_code;
}

/** The report of a run that `--timeout` ends as SIGTERM would. */
async function boundedReport(world: World, options: RunOptions): Promise<RunReport> {
  const version = await pipelineVersion(world.env);
  return withinTimeLimit({
    limit: options.timeout ?? null,
    signal: world.signal,
    work: (signal) => reportOf({ ...world, signal }, options, version),
    giveUp: (error) => failedReport(error, version, world.clock()),
  });
}

async function reportOf(world: World, options: RunOptions, version: string): Promise<RunReport> {
  const line = progressLine(world.stderr, world.clock, Boolean(world.stderr.isTTY) && !options.quiet && !options.json);
  try {
    if (options.date !== undefined && !isDay(options.date)) {
      throw new ProjetusError('usage', `--date ${options.date} is not a day.`, {
        hint: 'write it as YYYY-MM-DD, such as 2026-11-22',
      });
    }
    const config = await loadConfig({ path: options.config, env: world.env });
    if (options.verbose) tellInert(world, config);
    if (!options.quiet) await tellWritable(world, config);
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
      mostKnownRecords,
      network: networkOf(world, version),
      fetching: options.fetch ? patience : null,
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
  for (const key of config.inert) world.stderr.write(`${key} has no effect in this configuration\n`);
}

async function tellWritable(world: World, { path }: Config): Promise<void> {
  for (const file of await writableByOthers(path))
    world.stderr.write(`warning: everybody on this machine may change ${printable(file)}; next: chmod o-w ${printable(file)}\n`);
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
