import { schemaOf, type JsonSchema } from './json-schema.ts';
import type { Path } from './path.ts';
import { substituteDefault, type Substitution } from './substitute.ts';

/** The tree with the schema's defaults where keys are absent. What has a wrong type is left as it is, to be refused. */
export function withDefaults(value: unknown, schema: JsonSchema | null, substitution: Substitution, path: Path = []): unknown {
  if (schema === null || typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((item, index) => withDefaults(item, schemaOf(schema, index), substitution, [...path, index]));
  const filled: Record<string, unknown> = { ...value };
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    if (Object.hasOwn(filled, key) || property.default === undefined) continue;
    const initial = defaultOf(property, [...path, key], substitution);
    if (initial !== undefined) filled[key] = initial;
  }
  const entries = Object.entries(filled);
  return Object.fromEntries(
    entries.map(([key, child]) => [key, withDefaults(child, schemaOf(schema, key), substitution, [...path, key])]),
  );
}

function defaultOf(schema: JsonSchema, path: Path, substitution: Substitution): unknown {
  if (typeof schema.default === 'string') return substituteDefault(schema.default, schema, path, substitution);
  return structuredClone(schema.default);
}
