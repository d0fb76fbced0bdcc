import type { JsonSchema } from './json-schema.ts';

/** The reading options of a dataset. */
export const formatSchema: JsonSchema = {
  description: 'How a file is read, where its content does not tell.',
  type: 'object',
  additionalProperties: false,
  default: {},
  properties: {
    sheet: {
      title: 'the name of a sheet, or its position from 1',
      description: 'The sheet of a workbook.',
      type: ['integer', 'string'],
      minimum: 1,
      minLength: 1,
      default: 1,
    },
    member: {
      title: 'the name of a file in the archive, or null',
      description: 'The file in an archive; null: its only data file.',
      type: ['string', 'null'],
      minLength: 1,
      default: null,
    },
    header_row: {
      title: 'auto, or a row number from 1',
      description: 'The row of the header.',
      type: ['integer', 'string'],
      minimum: 1,
      pattern: '^auto$',
      default: 'auto',
    },
    delimiter: {
      title: 'auto, ";", ",", "|" or "\\t"',
      description: 'What stands between the cells of a text file.',
      type: 'string',
      enum: [';', ',', '\t', '|', 'auto'],
      default: 'auto',
    },
    encoding: {
      description: 'The encoding of a text file.',
      type: 'string',
      enum: ['auto', 'utf-8', 'windows-1252', 'utf-16le'],
      default: 'auto',
    },
    decimal: {
      title: 'auto, "," or "."',
      description: 'The decimal mark; auto: with a comma, dots are thousands; without, a dot is the decimal mark.',
      type: 'string',
      enum: [',', '.', 'auto'],
      default: 'auto',
    },
    footer: {
      description: 'auto: rows without a key at the end are totals, not data.',
      type: 'string',
      enum: ['auto', 'none'],
      default: 'auto',
    },
    null_values: {
      description: 'Cells that mean NULL.',
      type: 'array',
      items: { title: 'text (in quotes when it looks like null or a number)', type: 'string' },
      default: ['', '-', 'NULL'],
    },
  },
};
