import type { Column, ColumnType, Dataset, Format, Keywords, Relation } from '../core/dataset.ts';
import type { ColumnFile, ConfigFile, DatasetFile } from './config-file.ts';

/**
 * A dataset as the program uses it: plain JSON data, with the defaults that depend on other keys. A dataset with
 * nothing to take its key from gets an empty one, which `checkDataset` refuses. Without the rest of a valid file, `rest`,
 * the result is good for checks only.
 */
export function datasetFromFile(file: DatasetFile, rest: Pick<ConfigFile, 'database' | 'reconciliation'> | null): Dataset {
  const key = file.key ?? defaultKey(file.required_columns ?? []);
  const keyColumns = key === 'content' ? [] : key;
  const required = file.required_columns ?? keyColumns;
  return {
    name: file.name,
    entity: file.entity ?? file.name,
    match: file.match,
    url: file.url ?? null,
    format: formatFromFile(file.format),
    snapshot: file.snapshot,
    key,
    columns: file.columns === undefined ? required.map(textColumn) : Object.entries(file.columns).map(columnFromFile),
    // A file without a part of its key would be rejects from end to end: better to stop at the header.
    requiredColumns: [...new Set([...required, ...keyColumns])],
    requiredValues: file.required_values ?? keyColumns,
    unknownColumns: file.unknown_columns ?? (file.columns === undefined ? 'text' : 'ignore'),
    where: Object.entries(file.where).map(([column, keywords]) => ({ column, keywords })),
    distinct: file.distinct,
    duplicates: file.duplicates,
    maxRejectedPercent: file.max_rejected_percent,
    onVanish: file.on_vanish,
    maxVanishedPercent: file.max_vanished_percent,
    relations: file.relations.map(relationFromFile),
    indexes: file.indexes,
    expect: {
      required: file.expect.required,
      minRows: file.expect.min_rows,
      maxAgeHours: file.expect.max_age_hours,
      mustChange: file.expect.must_change,
    },
    volumeTolerancePercent: file.volume_tolerance_percent ?? rest?.reconciliation.volume_tolerance_percent ?? 0,
    onVolumeAnomaly: file.on_volume_anomaly ?? rest?.reconciliation.on_volume_anomaly ?? 'warn',
    distribution: rest?.database.distribution === 'citus' ? file.distribution : 'none',
  };
}

function defaultKey(required: readonly string[]): readonly string[] {
  return required.includes('id') ? ['id'] : required.slice(0, 1);
}

function textColumn(name: string): Column {
  return { name, from: [name], type: { kind: 'text' }, keywords: {} };
}

function columnFromFile([name, file]: [string, ColumnFile]): Column {
  const { from, type, ...keywords } = file;
  return { name, from: from ?? [name], type: columnType(type), keywords: keywords satisfies Keywords };
}

/** The type that a text such as `decimal(18,2)` names; the schema has seen to its form. */
function columnType(text: string): ColumnType {
  const decimal = /^decimal\((\d+), ?(\d+)\)$/.exec(text);
  if (decimal !== null) return { kind: 'decimal', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  return { kind: text as Exclude<ColumnType['kind'], 'decimal'> };
}

function relationFromFile(file: DatasetFile['relations'][number]): Relation {
  const [dataset = '', column = ''] = file.references.split('.');
  return { column: file.column, references: { dataset, column }, onOrphan: file.on_orphan };
}

function formatFromFile(file: DatasetFile['format']): Format {
  return {
    sheet: file.sheet,
    member: file.member,
    headerRow: file.header_row,
    delimiter: file.delimiter,
    encoding: file.encoding,
    decimal: file.decimal,
    footer: file.footer,
    nullValues: file.null_values,
  };
}
