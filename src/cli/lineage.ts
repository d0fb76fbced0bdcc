import type { Command } from 'commander';
import type { ChalkInstance } from 'chalk';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { nearest } from '../core/names.ts';
import { entityId } from '../core/record.ts';
import { openDatabase } from '../db/open-database.ts';
import { knownEntities, maskVersions, showLineage, type LineageReport, type LineageVersion } from '../lineage.ts';
import { personalColumns } from '../run/mask-report.ts';
import { withOperationalTables } from '../runs.ts';
import { helpEnd } from './help.ts';
import { printable, shorten, styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

export function addLineageCommand(program: Command, world: World, end: (code: ExitCode) => void): void {
  const lineage = program.command('lineage').description('Where a stored value comes from');
  lineage
    .command('show')
    .argument('<entity>', 'the entity of a dataset, as the configuration names it')
    .argument('<id...>', 'its key; several are the parts of one key, \\N is a blank part')
    .description('Every version of one record: when, which run, file and line, and what changed')
    .addHelpText('after', helpEnd(['projetus lineage show ENTITY 1234567', 'projetus lineage show ENTITY 98765 1234567 --json']))
    .action(async (entity: string, ids: string[], _, command: Command) => {
      const options = command.optsWithGlobals<CommonOptions>();
      const config = await loadConfig({ path: options.config, env: world.env });
      const report = await find(world, config, entity, entityId(ids.map((id) => (id === '\\N' ? null : id))));
      world.stdout.write(
        options.json ? `${JSON.stringify(report, null, 2)}\n` : text(report, styleFor(world.stdout, world, options)),
      );
      end(exitCodes.done);
    });
}

async function find(world: World, config: Config, entity: string, id: string): Promise<LineageReport> {
  const { url, schema } = config.database;
  await using database = await openDatabase({
    url,
    schema,
    host: world.host,
    signal: world.signal,
    retryMs: 0,
    onRetry: () => undefined,
  });
  const report = await withOperationalTables(database, async (db) => {
    const known = [...(await knownEntities(db)), ...config.extraction.datasets.map((dataset) => dataset.entity)];
    refuseUnknownEntity(entity, [...new Set(known)]);
    return showLineage(db, entity, id);
  });
  if (!report) return { schema: 'projetus.lineage/1', entity, id, exists: false, versions: [] };
  const { datasets } = config.extraction;
  const personal = datasets
    .filter((dataset) => dataset.entity === entity)
    .flatMap((dataset) => [...personalColumns(datasets, dataset.name)]);
  return { ...report, versions: maskVersions(report.versions, new Set(personal)) };
}

function refuseUnknownEntity(entity: string, known: readonly string[]): void {
  if (known.includes(entity)) return;
  const near = nearest(entity, known);
  throw new ProjetusError('usage', `There is no entity ${entity}.`, {
    hint: near ? `did you mean ${near}?` : `the entities are: ${known.join(', ')}`,
  });
}

function text(report: LineageReport, chalk: ChalkInstance): string {
  const title = chalk.bold(`${report.entity} ${printable(report.id)}`);
  if (report.versions.length === 0) return `${title}: never seen\n`;
  const state = report.exists ? 'present' : 'vanished';
  return `${title} (${state})\n${report.versions.flatMap((version) => versionLines(version, chalk)).join('\n')}\n`;
}

function versionLines(version: LineageVersion, chalk: ChalkInstance): string[] {
  const line = version.row === null ? '' : `${version.sheet === null ? '' : ` [${printable(version.sheet)}]`}:${version.row}`;
  const head = `${chalk.cyan(version.operation.padEnd(7))} ${version.at}  ${printable(version.source_file)}${line}`;
  const origin = chalk.dim(
    `        run ${version.run_id}  projetus ${version.pipeline_version}  record ${version.record_hash.slice(0, 12)}  file ${version.source_sha256.slice(0, 12)}`,
  );
  const changes = Object.entries(version.changes ?? {}).map(
    ([column, { from, to }]) => `        ${column}: ${value(from)} → ${value(to)}`,
  );
  return [head, origin, ...changes];
}

function value(text: string | null): string {
  return text === null ? 'blank' : `"${shorten(printable(text), 60)}"`;
}
