import type { ChalkInstance } from 'chalk';
import { loadConfig } from '../config/load-config.ts';
import type { Dataset } from '../core/dataset.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { runLineage, type RunLineageDataset, type RunLineageReport, type RunLineageSample } from '../lineage/run-lineage.ts';
import { findRun, unknownRun } from '../run-log.ts';
import { maskChanges } from '../core/mask.ts';
import { hasPersonalKey, personalColumns } from '../run/mask-report.ts';
import { withOperationalTables } from '../runs.ts';
import { connect } from './connect.ts';
import { jsonText } from './json.ts';
import { changeLines } from './show-changes.ts';
import { printable, styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

type RunOptions = CommonOptions & { readonly samples: number };

export async function action(world: World, options: RunOptions, id: string): Promise<ExitCode> {
  const config = await loadConfig({ path: options.config, env: world.env });
  await using database = await connect(world, config);
  const found = await withOperationalTables(database, async (db) => runLineage(db, await findRun(db, id), options.samples));
  if (!found) throw unknownRun(id);
  const report = { ...found, datasets: found.datasets.map((dataset) => masked(dataset, config.extraction.datasets)) };
  world.stdout.write(options.json ? jsonText(report) : text(report, styleFor(world.stdout, world, options)));
  return exitCodes.done;
}

function masked(dataset: RunLineageDataset, configured: readonly Dataset[]): RunLineageDataset {
  const personal = personalColumns(configured, dataset.name);
  const hidesIds = hasPersonalKey(configured, dataset.name);
  const samples = dataset.samples.map((sample) => ({
    ...sample,
    id: hidesIds ? '***' : sample.id,
    changes: maskChanges(sample.changes, personal),
  }));
  return { ...dataset, samples };
}

function text(report: RunLineageReport, chalk: ChalkInstance): string {
  const head = `${chalk.bold(`run ${report.run_id}`)} (${report.status})  ${report.started_at}  projetus ${report.pipeline_version}`;
  return `${[head, ...report.datasets.flatMap((dataset) => datasetLines(dataset, chalk))].join('\n')}\n`;
}

function datasetLines({ name, files, operations, samples }: RunLineageDataset, chalk: ChalkInstance): string[] {
  const counts = Object.entries(operations).map(([operation, count]) => `${operation} ${count.toLocaleString('en-US')}`);
  return [
    `${chalk.cyan(name)}  ${counts.join('  ')}`,
    ...files.map((file) => chalk.dim(`  ${printable(file.source_file)}  ${file.status}  sha256 ${file.sha256}`)),
    ...samples.flatMap((sample) => sampleLines(sample)),
  ];
}

function sampleLines({ operation, id, source_file, row, changes }: RunLineageSample): string[] {
  const place = row === null ? '' : `  ${printable(source_file)}:${row}`;
  return [`  ${operation.padEnd(7)} ${printable(id)}${place}`, ...changeLines(changes, '          ')];
}
