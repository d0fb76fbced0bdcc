export type JsonType = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object' | 'null';

/** The part of JSON Schema draft-07 that the configuration's schema uses. */
export type JsonSchema = {
  readonly $schema?: string;
  readonly $ref?: string;
  /** What a value must be, as a noun phrase: error messages say `expected TITLE`. */
  readonly title?: string;
  readonly description?: string;
  /** Text with `${NAME}` is a default from the environment; without the variable the key is absent. */
  readonly default?: unknown;
  readonly type?: JsonType | readonly JsonType[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly propertyNames?: JsonSchema;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly uniqueItems?: boolean;
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly const?: string | number | boolean | null;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly if?: JsonSchema;
  readonly then?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
};

/** The schema of a mapping's value or a list's item, or null where the schema knows no such key. */
export function schemaOf(schema: JsonSchema | null, step: string | number): JsonSchema | null {
  if (schema === null) return null;
  if (typeof step === 'number') return schema.items ?? null;
  if (schema.properties !== undefined && Object.hasOwn(schema.properties, step)) return schema.properties[step] ?? null;
  return typeof schema.additionalProperties === 'object' ? schema.additionalProperties : null;
}

export function typesOf(schema: JsonSchema): readonly JsonType[] {
  if (schema.type === undefined) return [];
  return typeof schema.type === 'string' ? [schema.type] : schema.type;
}

/** What the schema wants, in words that follow `expected`. */
export function expectation(schema: JsonSchema): string {
  if (schema.title !== undefined) return schema.title;
  if (schema.enum !== undefined) return schema.enum.length === 1 ? String(schema.enum[0]) : `one of ${schema.enum.join(', ')}`;
  return typesOf(schema)
    .map((type) => typeInWords(type, schema))
    .join(' or ');
}

function typeInWords(type: JsonType, schema: JsonSchema): string {
  switch (type) {
    case 'string':
      return (schema.minLength ?? 0) > 0 ? 'text that is not empty' : 'text';
    case 'boolean':
      return 'true or false';
    case 'integer':
      return `a whole number${rangeInWords(schema)}`;
    case 'number':
      return `a number${rangeInWords(schema)}`;
    case 'array':
      return `a list${(schema.minItems ?? 0) > 0 ? ' that is not empty' : ''}${schema.uniqueItems === true ? ' without repeats' : ''}`;
    case 'object':
      return 'keys with values';
    default:
      return 'null';
  }
}

function rangeInWords({ minimum, maximum, exclusiveMinimum }: JsonSchema): string {
  if (exclusiveMinimum !== undefined) return ` above ${exclusiveMinimum}`;
  if (minimum !== undefined && maximum !== undefined) return ` from ${minimum} to ${maximum}`;
  if (minimum !== undefined) return `, at least ${minimum}`;
  return maximum === undefined ? '' : `, at most ${maximum}`;
}
