import { alertingSchema, monitoringSchema } from './schema-alerting.ts';
import { datasetSchema } from './schema-dataset.ts';
import { downloadSchema } from './schema-download.ts';
import type { JsonSchema } from './json-schema.ts';

const months = (description: string, months: number): JsonSchema => ({
  description,
  type: 'integer',
  minimum: 1,
  default: months,
});

const database: JsonSchema = {
  description: 'Where the data goes.',
  type: 'object',
  additionalProperties: false,
  default: {},
  properties: {
    url: {
      title: 'postgres://USER:PASSWORD@HOST/DATABASE or pglite:FOLDER',
      description: 'A PostgreSQL server (15 or later), or the folder of the embedded database.',
      type: 'string',
      pattern: '^(postgres(ql)?://.+|pglite:.+)$',
      default: '${DATABASE_URL:-pglite:data/db}',
    },
    schema: {
      title: 'a schema name of small letters, digits and _ that begins with a letter',
      description: 'The schema that holds the tables.',
      type: 'string',
      pattern: '^(?!pg_)[a-z][a-z0-9_]{0,62}$',
      default: 'public',
    },
    distribution: {
      description: 'How tables are spread over servers.',
      type: 'string',
      enum: ['none', 'citus'],
      default: 'none',
    },
  },
};

const reconciliation: JsonSchema = {
  description: 'How the counts of a run are compared with those of the run before.',
  type: 'object',
  additionalProperties: false,
  default: {},
  properties: {
    volume_tolerance_percent: {
      description: 'A change of the number of rows beyond this is an anomaly.',
      type: 'number',
      minimum: 0,
      default: 10,
    },
    alert_on_mismatch: { description: 'Alert when a reconciliation does not match.', type: 'boolean', default: true },
    on_volume_anomaly: {
      description: 'warn publishes, hold does not.',
      type: 'string',
      enum: ['warn', 'hold'],
      default: 'warn',
    },
    volume_floor_rows: {
      description: 'A change of fewer rows than this is never an anomaly.',
      type: 'integer',
      minimum: 0,
      default: 20,
    },
  },
};

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

const extraction: JsonSchema = {
  description: 'Which files are read, where they are, and when they are expected.',
  type: 'object',
  additionalProperties: false,
  required: ['files'],
  properties: {
    hour: { description: 'The hour at which a run is due.', type: 'integer', minimum: 0, maximum: 23, default: 9 },
    minute: { description: 'The minute at which a run is due.', type: 'integer', minimum: 0, maximum: 59, default: 15 },
    timezone: {
      description: 'The time zone of hour, minute and the business date.',
      type: 'string',
      minLength: 1,
      default: 'America/Sao_Paulo',
    },
    weekdays: {
      description: 'The days on which a run is due.',
      type: 'array',
      items: { type: 'string', enum: weekdays },
      minItems: 1,
      uniqueItems: true,
      default: weekdays,
    },
    start_grace_minutes: { description: 'How late a run may start.', type: 'integer', minimum: 0, default: 60 },
    finish_grace_minutes: { description: 'How late a run may finish.', type: 'integer', minimum: 0, default: 120 },
    raw_dir: {
      description: 'The folder of the files: its newest YYYY-MM-DD subfolder, or the folder itself.',
      type: 'string',
      minLength: 1,
      default: 'data/raw',
    },
    keep_raw_days: { description: 'Downloaded files older than this are removed.', type: 'integer', minimum: 1, default: 90 },
    download: downloadSchema,
    files: {
      title: 'a list of datasets, at least one',
      description: 'The datasets: one kind of record each.',
      type: 'array',
      items: datasetSchema,
      minItems: 1,
    },
  },
};

/**
 * The one schema of the configuration, JSON Schema draft-07. Values are validated against it, defaults come from
 * it, and `config.schema.json` is made of it.
 */
export const configSchema: JsonSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  description: 'The configuration of projetus.',
  type: 'object',
  additionalProperties: false,
  required: ['extraction'],
  properties: {
    version: { description: 'The version of this format.', type: 'integer', enum: [1], default: 1 },
    database,
    alerting: alertingSchema,
    reconciliation,
    monitoring: monitoringSchema,
    extraction,
    lineage: {
      description: 'Where every record came from.',
      type: 'object',
      additionalProperties: false,
      default: {},
      properties: {
        enabled: { description: 'Record the lineage of every change.', type: 'boolean', default: true },
        track_pipeline_version: { description: 'Record the version of projetus with it.', type: 'boolean', default: true },
        retention_months: months('How long superseded versions are kept.', 24),
      },
    },
    retention: {
      description: 'How long the log is kept.',
      type: 'object',
      additionalProperties: false,
      default: {},
      properties: {
        runs_months: months('How long runs are kept.', 24),
        quarantine_months: months('How long rejected rows are kept.', 12),
      },
    },
  },
};
