import { typesOf, type JsonSchema } from './json-schema.ts';
import { configSchema } from './schema.ts';

/**
 * The text of `config.schema.json`: the schema as an editor needs it. Editors look at the file before substitution,
 * where `${NAME}` may stand for a number, a choice or a list.
 */
export function schemaFileText(): string {
  const substitution: JsonSchema = { description: 'A value from the environment.', type: 'string', pattern: '\\$\\{' };
  return `${JSON.stringify({ ...open(configSchema), definitions: { substitution } }, null, 2)}\n`;
}

function open(schema: JsonSchema): JsonSchema {
  const { title, description, default: initial, ...rules } = schema;
  const about = {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
    ...(initial === undefined ? {} : { default: initial }),
  };
  const inner = openChildren(rules);
  return takesAnyText(schema) ? { ...about, ...inner } : { ...about, anyOf: [inner, { $ref: '#/definitions/substitution' }] };
}

/** What the schema allows as it is: mappings are written out, and plain texts take every text. */
function takesAnyText(schema: JsonSchema): boolean {
  const types = typesOf(schema);
  if (types.includes('object')) return true;
  return types.includes('string') && schema.enum === undefined && schema.pattern === undefined;
}

function openChildren(schema: JsonSchema): JsonSchema {
  const { properties, additionalProperties, items } = schema;
  return {
    ...schema,
    ...(properties === undefined
      ? {}
      : { properties: Object.fromEntries(Object.entries(properties).map(([key, child]) => [key, open(child)])) }),
    ...(typeof additionalProperties === 'object' ? { additionalProperties: open(additionalProperties) } : {}),
    ...(items === undefined ? {} : { items: open(items) }),
  };
}
