import { describe, expect, it } from 'vitest';
import { errorOf } from './load-text.ts';

const hostile = [
  'a"b',
  "a'; DROP TABLE x; --",
  'a b',
  'A',
  '_a',
  '1a',
  'a;b',
  'a.b',
  'ã',
  'a\u0000',
  'pg_catalog"',
  'a'.repeat(64),
  '',
];
const quoted = (name: string) => JSON.stringify(name);

/** Where a configuration names something that becomes a name in SQL. */
const places: readonly (readonly [what: string, yaml: (name: string) => string])[] = [
  ['a dataset', (name) => `extraction: { files: [{ name: ${quoted(name)}, key: [id] }] }`],
  ['a column', (name) => `extraction: { files: [{ name: a, key: [id], columns: { id: {}, ${quoted(name)}: {} } }] }`],
  ['a schema', (name) => `database: { schema: ${quoted(name)} }\nextraction: { files: [{ name: a, key: [id] }] }`],
  ['a key', (name) => `extraction: { files: [{ name: a, columns: { id: {} }, key: [${quoted(name)}] }] }`],
  ['an index', (name) => `extraction: { files: [{ name: a, columns: { id: {} }, key: [id], indexes: [[${quoted(name)}]] }] }`],
  [
    'a relation',
    (name) =>
      `extraction: { files: [{ name: a, columns: { id: {} }, key: [id], relations: [{ column: id, references: ${quoted(`${name}.id`)} }] }] }`,
  ],
];

describe('a name that the configuration gives to SQL', () => {
  it.each(places.flatMap(([what, yaml]) => hostile.map((name) => [what, name, yaml] as const)))(
    'is plain, or refused before any database is asked: %s %o',
    async (_, name, yaml) => {
      expect(['config-invalid', 'config-syntax']).toContain((await errorOf(yaml(name))).code);
    },
  );
});
