import type { Dataset } from '../core/dataset.ts';
import type { DatasetReport, RunReport, SourceReport } from '../core/report.ts';
import { runUuid } from './run-uuid.ts';

/** What an event is about, besides the run. */
export type LineageContext = {
  readonly namespace: string;
  /** `postgres://host:5432` or `pglite`, and `database.schema`: no user, no password. */
  readonly store: { readonly namespace: string; readonly prefix: string };
  readonly datasets: readonly Dataset[];
  /** `file://HOST`, where the source files are. */
  readonly filesNamespace: string;
};

type EventType = 'START' | 'COMPLETE' | 'FAIL';

const spec = 'https://openlineage.io/spec';
const home = 'https://www.npmjs.com/package/projetus';

/** A run event as of the OpenLineage specification, version 2-0-2. A pure function. */
export function lineageEvent(type: EventType, report: RunReport, context: LineageContext) {
  const isEnd = type !== 'START';
  return {
    eventType: type,
    eventTime: isEnd ? report.finished_at : report.started_at,
    producer: producer(report),
    schemaURL: `${spec}/2-0-2/OpenLineage.json#/$defs/RunEvent`,
    run: { runId: runUuid(report.run_id ?? report.started_at), facets: runFacets(report, isEnd) },
    job: {
      namespace: context.namespace,
      name: 'projetus.run',
      facets: {
        jobType: facet(report, '2-0-3/JobTypeJobFacet', { processingType: 'BATCH', integration: 'PROJETUS', jobType: 'JOB' }),
      },
    },
    inputs: isEnd ? report.datasets.flatMap((dataset) => inputs(report, dataset, context)) : [],
    outputs: isEnd ? report.datasets.filter(isWritten).map((dataset) => output(report, dataset, context)) : [],
  };
}

function producer({ pipeline_version }: RunReport): string {
  return `${home}/v/${encodeURIComponent(pipeline_version)}`;
}

/** Every facet says who made it and after which schema. */
function facet<Content extends object>(report: RunReport, schema: string, content: Content) {
  const name = schema.split('/')[1];
  return { _producer: producer(report), _schemaURL: `${spec}/facets/${schema}.json#/$defs/${name}`, ...content };
}

function runFacets(report: RunReport, isEnd: boolean) {
  const { error, pipeline_version } = report;
  return {
    processing_engine: facet(report, '1-1-1/ProcessingEngineRunFacet', { version: pipeline_version, name: 'projetus' }),
    ...(isEnd && error
      ? {
          errorMessage: facet(report, '1-0-1/ErrorMessageRunFacet', {
            message: `${error.code}: ${error.message}`,
            programmingLanguage: 'TypeScript',
          }),
        }
      : {}),
  };
}

function inputs(report: RunReport, dataset: DatasetReport, { filesNamespace }: LineageContext) {
  const [first] = dataset.sources;
  return dataset.sources.map((source) => ({
    namespace: filesNamespace,
    name: source.file,
    inputFacets: {
      dataQualityMetrics: metrics(report, dataset, source),
      // What is said of a dataset as a whole stands at its first file.
      ...(source === first ? { dataQualityAssertions: assertions(report, dataset) } : {}),
    },
  }));
}

/** The profile is that of a dataset: of one with several files it is nobody's. */
function metrics(report: RunReport, { profile, sources }: DatasetReport, { rows, bytes }: SourceReport) {
  const columns = profile && sources.length === 1 ? Object.entries(profile.columns) : [];
  const columnMetrics = Object.fromEntries(
    columns.map(([name, { filled }]) => [name, { count: filled, nullCount: profile!.records - filled }]),
  );
  return facet(report, '1-0-2/DataQualityMetricsInputDatasetFacet', { rowCount: rows, bytes, columnMetrics });
}

function assertions(report: RunReport, { balanced, volume, sources, relations, holds }: DatasetReport) {
  const assertions = [
    ...(balanced === null ? [] : [{ assertion: 'every_row_accounted_for', success: balanced }]),
    ...(volume === null ? [] : [{ assertion: 'usual_volume', success: volume.verdict === 'ok' || volume.verdict === 'first' }]),
    ...sources.flatMap(({ control_totals }) =>
      control_totals.map(({ column, match }) => ({ assertion: 'control_total', success: match, column })),
    ),
    ...relations.map(({ column, orphans }) => ({ assertion: 'relation', success: orphans === 0, column })),
    ...holds.map(({ guard, accepted }) => ({ assertion: `guard_${guard}`, success: accepted !== null })),
  ];
  return facet(report, '1-0-1/DataQualityAssertionsDatasetFacet', { assertions });
}

function isWritten({ status }: DatasetReport): boolean {
  return status === 'loaded' || status === 'unchanged';
}

function output(report: RunReport, dataset: DatasetReport, { store, datasets }: LineageContext) {
  const { counts, table, name } = dataset;
  const written = counts ? counts.inserted + counts.updated + counts.restored + counts.vanished : 0;
  const columns = datasets.find((declared) => declared.name === name)?.columns ?? [];
  const fields = columns.map((column) => ({ name: column.name, type: column.type.kind }));
  return {
    namespace: store.namespace,
    name: `${store.prefix}.${table}`,
    facets: { schema: facet(report, '1-1-1/SchemaDatasetFacet', { fields }) },
    outputFacets: { outputStatistics: facet(report, '1-0-2/OutputStatisticsOutputDatasetFacet', { rowCount: written }) },
  };
}
