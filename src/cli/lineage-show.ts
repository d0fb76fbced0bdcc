import type { ChalkInstance } from 'chalk';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { maskChanges } from '../core/mask.ts';
import { nearest } from '../core/names.ts';
import { entityId } from '../core/record.ts';
import { knownEntities, showLineage, type LineageReport, type LineageVersion } from '../lineage/versions.ts';
import { personalColumns } from '../run/mask-report.ts';
import { withOperationalTables } from '../runs.ts';
import { connect } from './connect.ts';
import { jsonText } from './json.ts';
import { changeLines } from './show-changes.ts';
import { printable, styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

export async function action(world: World, options: CommonOptions, entity: string, ids: string[]): Promise<ExitCode> {
  const config = await loadConfig({ path: options.config, env: world.env });
  const report = await find(world, config, entity, entityId(ids.map((id) => (id === '\\N' ? null : id))));
  world.stdout.write(options.json ? jsonText(report) : text(report, styleFor(world.stdout, world, options)));
  return exitCodes.done;
}

async function find(world: World, config: Config, entity: string, id: string): Promise<LineageReport> {
  await using database = await connect(world, config);
  const { datasets } = config.extraction;
  const declared = datasets.map((dataset) => dataset.entity);
  const report = await withOperationalTables(database, async (db) => {
    refuseUnknownEntity(entity, [...new Set([...declared, ...(await knownEntities(db))])]);
    return showLineage(db, entity, id);
  });
  if (!report) refuseUnknownEntity(entity, declared);
  if (!report) return { schema: 'projetus.lineage/1', entity, id, exists: false, versions: [] };
  const personal = new Set(
    datasets.filter((dataset) => dataset.entity === entity).flatMap((dataset) => [...personalColumns(datasets, dataset.name)]),
  );
  const versions = report.versions.map((version) => ({ ...version, changes: maskChanges(version.changes, personal) }));
  return { ...report, versions };
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
  return [head, origin, ...changeLines(version.changes, '        ')];
}
