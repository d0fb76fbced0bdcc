import type { JsonSchema } from './json-schema.ts';

/** The JSON Schema keywords that a column may carry. */
export const keywordSchemas: Readonly<Record<string, JsonSchema>> = {
  enum: {
    title: 'a list of values, at least one',
    description: 'The only values allowed.',
    type: 'array',
    items: { title: 'a text, a number, true, false or null', type: ['string', 'number', 'boolean', 'null'] },
    minItems: 1,
  },
  pattern: { description: 'A regular expression that the text must match.', type: 'string', minLength: 1, maxLength: 1000 },
  minimum: { description: 'The smallest number allowed.', type: 'number' },
  maximum: { description: 'The greatest number allowed.', type: 'number' },
  minLength: { description: 'The least number of characters.', type: 'integer', minimum: 0 },
  maxLength: { description: 'The greatest number of characters.', type: 'integer', minimum: 0 },
  format: {
    description: 'A number or code of Brazil, with its check digits.',
    type: 'string',
    enum: ['cnpj', 'cpf', 'uf'],
  },
};

/** One entry of `columns`. */
export const columnSchema: JsonSchema = {
  description: 'A column of the table.',
  type: 'object',
  additionalProperties: false,
  properties: {
    from: {
      title: 'a list of header names, at least one',
      description: 'Header names that mean this column; accents, case and blanks do not matter. Default: its name.',
      type: 'array',
      items: { type: 'string', minLength: 1 },
      minItems: 1,
    },
    type: {
      title: 'text, integer, decimal(p,s), date, timestamp or boolean',
      description: 'The type of its values.',
      type: 'string',
      pattern: '^(text|integer|date|timestamp|boolean|decimal\\([0-9]{1,4}, ?[0-9]{1,4}\\))$',
      default: 'text',
    },
    ...keywordSchemas,
  },
};
