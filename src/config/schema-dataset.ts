import type { JsonSchema } from './json-schema.ts';
import { columnSchema, keywordSchemas } from './schema-column.ts';
import { formatSchema } from './schema-format.ts';

const columnName: JsonSchema = {
  title: 'a column name of small letters, digits and _ that begins with a letter, at most 63 characters',
  type: 'string',
  pattern: '^[a-z][a-z0-9_]{0,62}$',
};
const columnList: JsonSchema = {
  title: 'a list of columns, each once',
  type: 'array',
  items: { type: 'string', minLength: 1 },
  uniqueItems: true,
};
const percent = (description: string, percent: number): JsonSchema => ({
  description,
  type: 'number',
  minimum: 0,
  maximum: 100,
  default: percent,
});

const relation: JsonSchema = {
  type: 'object',
  additionalProperties: false,
  required: ['column', 'references'],
  properties: {
    column: { description: 'The column of this dataset.', type: 'string', minLength: 1 },
    references: {
      title: 'DATASET.COLUMN',
      description: 'The column of another dataset that holds its value.',
      type: 'string',
      pattern: '^[^.\\s]+\\.[^.\\s]+$',
    },
    on_orphan: {
      description: 'What to do with a row that refers to nothing.',
      type: 'string',
      enum: ['warn', 'reject', 'ignore'],
      default: 'warn',
    },
  },
};

const expect: JsonSchema = {
  description: 'What today’s files must be like.',
  type: 'object',
  additionalProperties: false,
  default: {},
  properties: {
    required: { description: 'false: no file today is a warning only.', type: 'boolean', default: true },
    min_rows: { description: 'The least number of rows.', type: 'integer', minimum: 0, default: 1 },
    max_age_hours: {
      title: 'a number of hours above 0, or null',
      description: 'The greatest age of a file.',
      type: ['number', 'null'],
      exclusiveMinimum: 0,
      default: null,
    },
    must_change: { description: 'The same files as on an earlier day are held.', type: 'boolean', default: false },
  },
};

/** One entry of `extraction.files`. */
export const datasetSchema: JsonSchema = {
  description: 'A dataset: one kind of record, its table and its files.',
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: {
      title: 'a table name of small letters, digits and _ that begins with a letter, at most 58 characters',
      description: 'The name of the dataset and of its table.',
      type: 'string',
      // PostgreSQL cuts names at 63 bytes without a word, and the view NAME_live needs five of them.
      pattern: '^[a-z][a-z0-9_]{0,57}$',
    },
    entity: {
      description: 'The word for one record, used in lineage. Default: the name.',
      type: 'string',
      minLength: 1,
      maxLength: 100,
    },
    match: {
      description: 'Globs on the file name. Default: the file name holds the name of the dataset, or its singular, as a word.',
      type: 'array',
      items: { type: 'string', minLength: 1 },
      default: [],
    },
    url: {
      title: 'an address that begins with http:// or https://',
      description: 'Downloaded into raw_dir before the run. Where it does not end in the name of a file, #NAME behind it does.',
      type: 'string',
      pattern: '^https?://.',
    },
    format: formatSchema,
    snapshot: {
      description: 'full: a record that is absent has vanished. delta: absence says nothing.',
      type: 'string',
      enum: ['full', 'delta'],
      default: 'full',
    },
    key: {
      title: 'a list of columns, each once, or the word content',
      description: 'The columns that identify a record; content: the whole row does. Default: id, or the first required column.',
      type: ['array', 'string'],
      items: { type: 'string', minLength: 1 },
      minItems: 1,
      uniqueItems: true,
      pattern: '^content$',
    },
    columns: {
      title: 'column names with their settings, at least one',
      description: 'The columns of the table. Default: the required columns and all others of the file, as text.',
      type: 'object',
      propertyNames: columnName,
      additionalProperties: columnSchema,
      minProperties: 1,
    },
    required_columns: { ...columnList, description: 'Columns that the header must hold. Default: the key.' },
    required_values: { ...columnList, description: 'Columns whose cells must not be blank. Default: the key.' },
    unknown_columns: {
      description: 'Columns of the file that are not declared. Default: ignore; text when no columns are declared.',
      type: 'string',
      enum: ['ignore', 'text', 'fail'],
    },
    where: {
      description: 'Only rows whose columns have these keywords are loaded.',
      type: 'object',
      additionalProperties: { type: 'object', additionalProperties: false, properties: keywordSchemas, minProperties: 1 },
      default: {},
    },
    distinct: { description: 'Several rows make one record.', type: 'boolean', default: false },
    duplicates: {
      description: 'Different rows with one key: reject them all, or take the first or the last.',
      type: 'string',
      enum: ['reject', 'first', 'last'],
      default: 'reject',
    },
    max_rejected_percent: percent('With more rejected rows than this nothing is published.', 1),
    on_vanish: {
      description: 'What to do with records that are no longer in the file.',
      type: 'string',
      enum: ['mark', 'delete', 'ignore'],
      default: 'mark',
    },
    max_vanished_percent: percent('With more vanished records than this the dataset is held.', 10),
    relations: { description: 'Columns that refer to other datasets.', type: 'array', items: relation, default: [] },
    indexes: {
      description: 'Indexes of the table, each a list of columns.',
      type: 'array',
      items: { ...columnList, minItems: 1 },
      uniqueItems: true,
      default: [],
    },
    expect,
    volume_tolerance_percent: {
      title: 'a number of percent, at least 0, or null',
      description: 'Instead of the one of reconciliation.',
      type: ['number', 'null'],
      minimum: 0,
      default: null,
    },
    on_volume_anomaly: {
      title: 'warn, hold or null',
      description: 'Instead of the one of reconciliation.',
      type: ['string', 'null'],
      enum: ['warn', 'hold', null],
      default: null,
    },
    distribution: {
      description: 'With database.distribution citus: key spreads the table over the servers, reference keeps it whole on each.',
      type: 'string',
      enum: ['key', 'reference'],
      default: 'key',
    },
  },
};
