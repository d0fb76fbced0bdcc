import { datasetHash } from '../config/dataset-hash.ts';
import { createHash } from 'node:crypto';
import type { Dataset } from '../core/dataset.ts';
import type { ProjetusError } from '../core/errors.ts';
import type { DatasetReport, ErrorReport, SourceReport } from '../core/report.ts';
import type { Table } from '../core/rows.ts';
import type { Database } from '../db/open-database.ts';
import type { Classified } from '../load/classify.ts';
import type { Load } from '../load/load.ts';
import type { Loading } from '../runs.ts';
import type { SourceFile } from '../source/find-sources.ts';
import type { Job } from './job.ts';

/** What the steps of one run share. */
export type RunContext = {
  readonly job: Job;
  readonly runId: string;
  readonly startedAt: Date;
  readonly businessDate: string;
  readonly database: Database;
  readonly trx: Loading;
  /** The datasets examined so far, by name; parents come before their children. */
  readonly examined: Map<string, Examined>;
};

/** What the steps that read and stage files need of it: an audit reads the same way, and is no run. */
export type ReadingContext = Pick<RunContext, 'startedAt' | 'database' | 'trx' | 'examined'> & {
  readonly job: Pick<Job, 'config' | 'signal' | 'onProgress'>;
};

/** One dataset on its way through a run; each step fills in what it finds out. */
export type Examined = {
  readonly dataset: Dataset;
  readonly report: DatasetReport;
  readonly readingHash: string;
  /** How lines become records; null: the files were not opened. */
  lineReading: LineReading | null;
  sources: ReadSource[];
  /** Null until rows are staged: a dataset that failed before, is missing, or is unchanged without parsing. */
  load: Load | null;
  classified: Classified | null;
  error: ProjetusError | null;
};

export type LineReading = {
  /** As one hash; null: not in one way. A line with the same bytes is the same record only under the same hash. */
  readonly hash: string | null;
  /** The first file that was read so: lines of earlier ones stay unknown, since what they would be today was not looked at. */
  readonly since: string;
};

/** One file of a dataset. `id` is the number that its records carry in `_source_id`. */
export type ReadSource = {
  readonly id: string;
  readonly file: SourceFile;
  readonly sha256: string;
  /** Where its first byte stands that is not UTF-8, or null; undefined: nobody looked. */
  readonly firstNonUtf8?: number | null;
  readonly table: Table | null;
  readonly header: readonly string[] | null;
  readonly report: SourceReport;
};

/** Raised when the way from bytes to records changes, so that files of yesterday are parsed again. */
const readingVersion = 1;

export function beginExamined(dataset: Dataset): Examined {
  return {
    dataset,
    readingHash: createHash('sha256')
      .update(`${readingVersion}:${datasetHash(dataset)}`)
      .digest('hex'),
    lineReading: null,
    sources: [],
    load: null,
    classified: null,
    error: null,
    report: {
      name: dataset.name,
      entity: dataset.entity,
      table: dataset.name,
      status: 'failed',
      sources: [],
      counts: null,
      stored: null,
      balanced: null,
      volume: null,
      profile: null,
      emptied_columns: [],
      holds: [],
      relations: [],
      stale_since: null,
      repeated_files: [],
      header_drift: null,
      kept: null,
      samples: [],
      rejects: [],
      error: null,
    },
  };
}

export function errorReport(error: ProjetusError): ErrorReport {
  return { code: error.code, message: error.message, hint: error.hint, file: error.file, line: error.line, column: error.column };
}
