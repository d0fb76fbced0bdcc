import type { RowError } from '../core/record.ts';
import { removeOrphans } from '../load/relations.ts';
import { settleRepeats, type RemovedRows } from '../load/repeats.ts';
import type { Load } from '../load/load.ts';
import type { Stager } from '../load/stager.ts';
import type { Relation } from '../core/dataset.ts';
import type { Examined, ReadingContext } from './examined.ts';
import { rereadRows } from './read-sources.ts';
import { parentOf, relationReport } from './relations.ts';

/** Settles what one row alone cannot tell: repeated keys, and rows that refer to nothing. Returns the number of duplicates. */
export async function settle(context: ReadingContext, examined: Examined, load: Load, stager: Stager): Promise<number> {
  const { duplicate, conflicts } = await settleRepeats(context.trx, load);
  await rejectRows(examined, stager, conflicts, {
    code: 'key-conflict',
    column: null,
    value: null,
    message: `several different rows have this ${keyName(load)}; which one is right cannot be told`,
  });
  await rejectOrphans(context, examined, load, stager);
  return duplicate;
}

/** A dataset that refers to itself may get new orphans by losing others; a chain of bad references is cut after so many. */
const orphanRounds = 100;

async function rejectOrphans(context: ReadingContext, examined: Examined, load: Load, stager: Stager): Promise<void> {
  const relations = examined.dataset.relations.filter(({ onOrphan }) => onOrphan === 'reject');
  for (const relation of relations) examined.report.relations.push(await relationReport(context, examined, relation));
  const refersToItself = relations.some(({ references }) => references.dataset === examined.dataset.name);
  for (let round = 0; round < (refersToItself ? orphanRounds : 1); round++) {
    let removed = 0;
    for (const relation of relations) removed += await removeAndReject(context, examined, load, stager, relation);
    if (removed === 0) return;
  }
}

async function removeAndReject(
  context: ReadingContext,
  examined: Examined,
  load: Load,
  stager: Stager,
  relation: Relation,
): Promise<number> {
  const { dataset, column } = relation.references;
  const orphans = await removeOrphans(context.trx, load, relation, parentOf(context, relation, examined));
  await rejectRows(examined, stager, orphans, {
    code: 'orphan',
    column: relation.column,
    value: null,
    message: `no record of ${dataset} has this ${column}`,
  });
  return orphans.size;
}

async function rejectRows(examined: Examined, stager: Stager, rows: RemovedRows, error: RowError): Promise<void> {
  for (const [sourceId, wanted] of rows) {
    const source = examined.sources.find((candidate) => candidate.id === sourceId)!;
    stager.startSource(sourceId);
    await rereadRows(source, wanted, async (rowNumber, cells) => {
      stager.rejectLater(rowNumber, cells, error, wanted.get(rowNumber)!);
      await stager.drain();
    });
  }
  await stager.finish();
}

function keyName(load: Load): string {
  return load.shape.key === null
    ? 'content'
    : `key (${load.shape.key.map((position) => load.shape.columns[position]!.name).join(', ')})`;
}
