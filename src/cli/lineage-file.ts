import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { ChalkInstance } from 'chalk';
import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { checksumFrom, fileLineage, type FileInRun, type FileLineageReport } from '../lineage/file-lineage.ts';
import { withOperationalTables } from '../runs.ts';
import { checksum } from '../source/fingerprint.ts';
import { connect } from './connect.ts';
import { jsonText } from './json.ts';
import { printable, styleFor, table } from './style.ts';
import type { CommonOptions, World } from './world.ts';

export async function action(world: World, options: CommonOptions, asked: string): Promise<ExitCode> {
  const config = await loadConfig({ path: options.config, env: world.env });
  const ofFile = await checksumOfFile(asked, world.signal);
  await using database = await connect(world, config);
  const report = await withOperationalTables(database, async (db) =>
    fileLineage(db, ofFile ?? (await checksumFrom(db, asked)) ?? asked.toLowerCase()),
  );
  const unknown: FileLineageReport = {
    schema: 'projetus.lineage-file/1',
    sha256: ofFile ?? asked.toLowerCase(),
    known: false,
    runs: [],
    datasets: [],
  };
  world.stdout.write(
    options.json ? jsonText(report ?? unknown) : text(report ?? unknown, styleFor(world.stdout, world, options)),
  );
  return exitCodes.done;
}

/** Fewer digits than these would rather be a file that is not there. */
const checksumPrefix = /^[0-9a-f]{6,64}$/i;

/** Null for what is not a file and can be a checksum. Throws `usage` for what is neither. */
async function checksumOfFile(path: string, signal: AbortSignal): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return checksum({ name: basename(path), path }, signal);
  if (checksumPrefix.test(path)) return null;
  throw new ProjetusError('usage', `There is no file ${path}.`, {
    hint: 'name a file, or write at least six digits of its SHA-256',
    file: path,
  });
}

function text(report: FileLineageReport, chalk: ChalkInstance): string {
  const title = chalk.bold(`sha256 ${report.sha256}`);
  if (!report.known) return `${title}: read by no run\n`;
  const records = report.datasets.map(
    ({ name, records: n }) => `${chalk.cyan(name)}  ${n.toLocaleString('en-US')} records have their values from it`,
  );
  const runs = table([['run', 'dataset', 'file', 'status', 'rows'], ...report.runs.map(runCells)], 4);
  return `${[title, ...records, '', chalk.dim(runs[0]!), ...runs.slice(1)].join('\n')}\n`;
}

function runCells(run: FileInRun): string[] {
  const file = `${printable(run.source_file)}${run.sheet === null ? '' : ` [${printable(run.sheet)}]`}`;
  return [run.run_id, run.dataset, file, run.status, run.rows === null ? '-' : run.rows.toLocaleString('en-US')];
}
