import { hash } from 'node:crypto';
import { sql, type Kysely } from 'kysely';
import type { Dataset } from '../core/dataset.ts';
import { entityId, valueText, type RecordShape, type RecordSink, type RecordView, type RowError } from '../core/record.ts';
import { storableJson } from '../core/storable-json.ts';
import type { CopyIn, Session } from '../db/session.ts';
import type { Tables } from '../db/tables.ts';
import { CopyLines } from './copy-lines.ts';
import { quote } from '../db/quote.ts';
import { sqlTypeOf, type KeyPlan } from './keys.ts';
import type { KnownRecords } from './known-records.ts';
import { lineHash } from './line-hash.ts';
import type { Load, StagingTables } from './load.ts';
import { createWorkTable } from './work-tables.ts';

/** Refused rows are sent when this much has come together: a COPY of records has to end for it. */
const refusedBytes = 1024 * 1024;

export type Stager = {
  readonly sink: RecordSink;
  /** A row that was a record until it was compared with others; its key is known as text. */
  readonly rejectLater: (rowNumber: number, cells: readonly string[], error: RowError, key: string) => void;
  /** The rows that follow come from this file. */
  readonly startSource: (sourceId: string) => void;
  /** Sends what is ready. To be called between batches: it is where the reader waits for the database. */
  readonly drain: () => Promise<void>;
  /** Sends everything. No COPY is open afterwards, whatever went wrong before. */
  readonly finish: () => Promise<void>;
};

/** Kept beside the quarantine, on one server; see `refusedKeys` of the load. */
export async function createRefused(trx: Kysely<Tables>, table: string, key: KeyPlan): Promise<void> {
  await sql`
    CREATE TEMP TABLE ${sql.id(table)} (
      key ${sql.raw(key.sqlType)}, outcome text NOT NULL, source_id bigint NOT NULL, row_number int NOT NULL,
      raw jsonb, raw_hash bytea, errors jsonb
    ) ON COMMIT DROP`.execute(trx);
}

/** With Citus, once all rows are refused that will be: their keys, to where the rows of the target are that have them. */
export async function spreadRefusedKeys(trx: Kysely<Tables>, { dataset, staging, refusedKeys, key }: Load): Promise<void> {
  if (refusedKeys === staging.refused) return;
  await createWorkTable(trx, dataset, refusedKeys, `key ${key.sqlType}, outcome text NOT NULL`, 'key');
  await sql`
    INSERT INTO ${sql.id(refusedKeys)} SELECT key, outcome FROM ${sql.id(staging.refused)} WHERE key IS NOT NULL`.execute(trx);
}

export async function createRecords(
  trx: Kysely<Tables>,
  table: string,
  dataset: Dataset,
  shape: RecordShape,
  key: KeyPlan,
): Promise<void> {
  const columns = shape.columns.map((column) => `${quote(column.name)} ${sqlTypeOf(dataset, column.name)}`);
  const derived = key.derived === null ? [] : ['_key text NOT NULL'];
  const own = ['_hash bytea NOT NULL', '_source_id bigint NOT NULL', '_row int NOT NULL', '_raw bytea'];
  await createWorkTable(trx, dataset, table, [...columns, ...derived, ...own].join(', '), key.column);
}

/** Records that are `known` are not staged; null: all are. */
export function createStager(
  session: Session,
  tables: StagingTables,
  shape: RecordShape,
  key: KeyPlan,
  known: KnownRecords | null,
): Stager {
  const records = new CopyLines();
  const refused = new CopyLines();
  const recordColumns = [
    ...shape.columns.map((column) => column.name),
    ...(key.derived === null ? [] : ['_key']),
    '_hash',
    '_source_id',
    '_row',
    '_raw',
  ];
  const recordTarget = `${quote(tables.records)} (${recordColumns.map(quote).join(', ')})`;
  const refusedTarget = `${quote(tables.refused)} (key, outcome, source_id, row_number, raw, raw_hash, errors)`;
  let sourceId = '';
  let sourceBytes = Buffer.alloc(0);
  let copy: CopyIn | null = null;

  const keyText =
    key.derived === 'content' ? (view: RecordView) => `${view.hash}|1` : (view: RecordView) => keyOf(view, shape.key!);
  const sink: RecordSink = {
    record: (view) => {
      if (known?.holds(view.hash)) return false;
      records.values(view);
      if (key.derived !== null) records.text(keyText(view));
      records.hash(view.hash);
      records.bytes(sourceBytes);
      records.integer(view.rowNumber);
      if (view.line === null) records.null();
      else records.hash(lineHash(view.line));
      records.end();
      return true;
    },
    reject: ({ key: parts, rowNumber, cells, errors }) => {
      writeKey(refused, parts, key);
      writeReject(refused, sourceId, rowNumber, cells, errors);
    },
    filtered: (parts, rowNumber) => {
      writeKey(refused, parts, key);
      refused.text('filtered');
      refused.text(sourceId);
      refused.text(String(rowNumber));
      for (let i = 0; i < 3; i++) refused.null();
      refused.end();
    },
  };

  const endRecords = async () => {
    const open = copy;
    copy = null;
    await open?.end();
  };
  const sendRefused = async () => {
    if (refused.full.length === 0) return;
    await endRecords();
    const side = session.copyIn(refusedTarget);
    for (const chunk of refused.full.splice(0)) await side.write(chunk);
    await side.end();
  };
  const sendRecords = async () => {
    for (const chunk of records.full.splice(0)) {
      copy ??= session.copyIn(recordTarget);
      await copy.write(chunk);
    }
  };
  return {
    sink,
    rejectLater: (rowNumber, cells, error, keyText) => {
      if (key.derived === 'content') refused.null();
      else refused.text(keyText);
      writeReject(refused, sourceId, rowNumber, cells, [error]);
    },
    startSource: (id) => {
      sourceId = id;
      sourceBytes = Buffer.from(id);
    },
    drain: async () => {
      await sendRecords();
      if (refused.full.length * 64 * 1024 >= refusedBytes) await sendRefused();
    },
    finish: async () => {
      records.flush();
      refused.flush();
      await sendRecords();
      await endRecords();
      await sendRefused();
    },
  };
}

function keyOf(view: RecordView, positions: readonly number[]): string {
  return entityId(positions.map((position) => valueText(view, position)));
}

function writeKey(lines: CopyLines, parts: readonly (string | null)[] | null, key: KeyPlan): void {
  if (parts === null || key.derived === 'content') return lines.null();
  if (key.derived === 'parts') return lines.text(entityId(parts));
  const [only] = parts;
  return only == null ? lines.null() : lines.text(only);
}

function writeReject(
  lines: CopyLines,
  sourceId: string,
  rowNumber: number,
  cells: readonly string[],
  errors: readonly RowError[],
): void {
  lines.text('rejected');
  lines.text(sourceId);
  lines.text(String(rowNumber));
  lines.text(storableJson(cells));
  lines.hash(hash('sha256', JSON.stringify(cells), 'hex'));
  lines.text(storableJson(errors));
  lines.end();
}
