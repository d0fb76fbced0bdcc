import { typesOf, type JsonSchema } from './json-schema.ts';

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false, yes: true, no: false };

/**
 * The text of a variable as the type that the schema wants: a boolean, a number, or a list by commas. Text that is
 * none of these stays text, and the schema refuses it.
 */
export function coerce(text: string, schema: JsonSchema | null): unknown {
  if (schema === null) return text;
  const types = typesOf(schema);
  const trimmed = text.trim();
  if (types.includes('boolean') && Object.hasOwn(booleans, trimmed.toLowerCase())) return booleans[trimmed.toLowerCase()];
  if (types.includes('integer') && isNumber(trimmed) && Number.isSafeInteger(Number(trimmed))) return Number(trimmed);
  if (types.includes('number') && isNumber(trimmed)) return Number(trimmed);
  const isText = types.includes('string') && (schema.pattern === undefined || new RegExp(schema.pattern, 'u').test(text));
  return types.includes('array') && !isText ? listOf(text, schema.items ?? null) : text;
}

function isNumber(text: string): boolean {
  return /^-?\d{1,15}(\.\d{1,15})?$/.test(text);
}

function listOf(text: string, items: JsonSchema | null): unknown[] {
  const parts = text.split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '').map((part) => coerce(part, items));
}
