import { ProjetusError } from '../core/errors.ts';
import { exitCodes } from '../core/exit-codes.ts';
import { beginExamined, type ReadingContext } from '../run/examined.ts';
import { emptySourceReport } from '../run/read-sources.ts';
import { isReadAlike, type Audited } from './audited.ts';
import { findRawFile, type RawFile } from './raw-file.ts';
import { restage } from './restage.ts';

/**
 * Stages the files of a dataset once more. Files that are gone or changed, or that today's configuration cannot read,
 * are noted: that is no mismatch.
 */
export async function readAgain(context: ReadingContext, audited: Audited): Promise<void> {
  const files = await findFiles(context, audited, true);
  if (files.some(({ file }) => file === null)) return;
  const examined = beginExamined(audited.dataset);
  examined.sources = files.map(({ source, file }) => ({
    id: source.id,
    file: file!,
    sha256: source.checksum,
    table: null,
    header: null,
    report: emptySourceReport(file!, source.checksum),
  }));
  try {
    audited.restaged = await restage(context, examined);
  } catch (error) {
    noteOrThrow(audited, error);
    return;
  }
  context.examined.set(audited.dataset.name, examined);
  for (const [at, { report }] of examined.sources.entries()) compareRows(audited, at, report.rows);
  noteOtherReading(audited);
}

/** Looks for the raw files, and tells what became of them. `deep`: by their checksums. */
export async function findFiles(context: ReadingContext, { published, report }: Audited, deep: boolean): Promise<RawFile[]> {
  const files: RawFile[] = [];
  for (const source of published!.sources) {
    const found = await findRawFile(context.trx, source, deep, context.job.signal);
    files.push(found);
    const { name, sheet, checksum, rows } = source;
    report.sources.push({ file: name, sheet, sha256: checksum, state: found.state, logged_rows: rows, rows: null });
    if (found.state === 'gone') report.notes.push(`the raw file ${source.path} is gone: it cannot be compared`);
    if (found.state === 'changed') report.notes.push(`the raw file ${source.path} has changed since: it cannot be compared`);
  }
  return files;
}

/** An error of the database is thrown; after it the transaction is of no more use. */
function noteOrThrow(audited: Audited, error: unknown): void {
  const isOfFile = error instanceof ProjetusError && error.exitCode === exitCodes.source;
  const isOfTable = error instanceof ProjetusError && error.code === 'ddl-refused';
  if (!isOfFile && !isOfTable) throw error;
  const { notes, problems } = audited.report;
  // The table fitted the configuration when it was loaded: somebody changed the one or the other.
  if (isOfTable && isReadAlike(audited)) problems.push(error.message);
  else notes.push(`the files cannot be compared: ${error.message}`);
}

function compareRows(audited: Audited, at: number, rows: number): void {
  const source = audited.report.sources[at]!;
  source.rows = rows;
  if (rows === source.logged_rows || !isReadAlike(audited)) return;
  audited.report.problems.push(`${source.file} has ${rows} rows, and ${source.logged_rows} were logged`);
}

function noteOtherReading(audited: Audited): void {
  const { published, report, restaged } = audited;
  const unstored = restaged!.unstored.join(', ');
  if (isReadAlike(audited)) {
    if (unstored) report.problems.push(`the table has lost columns: ${unstored}`);
    return;
  }
  if (unstored) report.notes.push(`the table does not have these columns of the configuration yet: ${unstored}`);
  if (published!.readingHash === null) return;
  report.notes.push(
    `the configuration of ${report.name} has changed since run ${published!.runId}: differences may come from that; the next run settles them`,
  );
}
