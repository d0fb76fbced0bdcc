import type { ChalkInstance } from 'chalk';
import { loadConfig } from '../config/load-config.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { prune, type PruneReport } from '../retention/prune.ts';
import { pruneRawFiles, type RawFilesReport } from '../retention/raw-files.ts';
import { pruneJob } from '../retention/prune-job.ts';
import { connect } from './connect.ts';
import { jsonText } from './json.ts';
import { megabytes } from './show-downloads.ts';
import { printable, styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

type PruneOptions = CommonOptions & { readonly dryRun?: boolean };

export async function action(world: World, options: PruneOptions): Promise<ExitCode> {
  const config = await loadConfig({ path: options.config, env: world.env });
  await using database = await connect(world, config);
  const { clock, host } = world;
  const job = pruneJob({ config, clock, host, random: world.random(), isDryRun: Boolean(options.dryRun) });
  const report = {
    ...(await prune(database, job)),
    raw_files: await pruneRawFiles(database, { config, host, clock }, job.isDryRun),
  };
  if (options.json) world.stdout.write(jsonText(report));
  else if (!options.quiet) world.stdout.write(text(report, styleFor(world.stdout, world, options)));
  return exitCodes.done;
}

function text(
  { dry_run, history, runs, quarantine, alerts, raw_files }: PruneReport & { raw_files: RawFilesReport },
  chalk: ChalkInstance,
): string {
  const lines = [
    `lineage before ${day(history.before)}: ${number(history.versions)} superseded versions in ${history.partitions.length} months`,
    `runs before ${day(runs.before)}: ${number(runs.runs)} runs, ${number(runs.extraction_logs)} source files, ${number(runs.reconciliations)} checks`,
    `quarantine before ${day(quarantine.before)}: ${number(quarantine.rejects)} rejects`,
    `alerts before ${day(alerts.before)}: ${number(alerts.alerts)} that ended, ${number(alerts.deliveries)} deliveries`,
    `raw files before ${raw_files.before}: ${number(raw_files.files.length)} that were fetched, ${megabytes(raw_files.bytes)}`,
    ...raw_files.files.map((file) => `  ${printable(file)}`),
  ];
  return `${[chalk.bold(dry_run ? 'DRY RUN: this would go' : 'Removed'), ...lines.map((line) => `  ${line}`)].join('\n')}\n`;
}

function day(moment: string): string {
  return moment.slice(0, 10);
}

function number(value: number): string {
  return value.toLocaleString('en-US');
}
