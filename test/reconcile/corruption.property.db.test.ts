import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Project } from '../support/project.ts';
import { configOf, entry, story } from '../run/story.ts';
import { auditOf, clean, found } from './audit.ts';

/** Columns of every type; the tables that the days leave behind have live, kept, older and vanished rows. */
const columns =
  'columns: { id: {}, ano: { type: integer }, valor: { type: "decimal(18,2)" }, dia: { type: date }, hora: { type: timestamp }, feito: { type: boolean }, nome: {} }';
const head = 'id;ano;valor;dia;hora;feito;nome';
const line = (id: number, n: number) =>
  `${id};${n % 3 === 0 ? '' : 2000 + n};${n % 4 === 0 ? '' : `${n},50`};0${1 + (n % 9)}/02/2025;2025-01-0${1 + (n % 9)} 10:00:0${n % 10};${n % 2 === 0 ? 'sim' : 'não'};${n % 5 === 0 ? '' : `nome ${n}`}`;
const file = (...lines: string[]) => [head, ...lines, ''].join('\n');
const days = [
  file(...Array.from({ length: 12 }, (_, n) => line(n, n))),
  file(...Array.from({ length: 8 }, (_, n) => line(n, n < 3 ? n + 20 : n)), '8;abc;;;;;rejected', line(30, 30)),
];

const kinds = [
  { title: 'a full snapshot with marks', lines: ['key: [id]'] },
  { title: 'a full snapshot with deletions', lines: ['key: [id]', 'on_vanish: delete'] },
  { title: 'a delta', lines: ['key: [id]', 'snapshot: delta'] },
  { title: 'a key of two parts', lines: ['key: [id, ano]', 'required_values: [id]'] },
  { title: 'a key of content', lines: ['key: content'] },
] as const;

/** What each type may be changed to, as SQL: never what it was, since the statement asks for IS DISTINCT FROM. */
const values: Readonly<Record<string, readonly string[]>> = {
  id: ["'x'", "'1 '", "''"],
  _key: ["'x'", "'1|2'"],
  ano: ['0', '2026', '-9223372036854775808', 'NULL'],
  valor: ['0', '-0.01', '99.99', "'NaN'", 'NULL'],
  dia: ["'2025-02-28'", "'0001-01-01'", "'infinity'", 'NULL'],
  hora: ["'2025-01-01 10:00:00.000001'", 'NULL'],
  feito: ['true', 'false', 'NULL'],
  nome: ["'nome'", "'NOME 1'", "''", "E'nome 1\\n'", 'NULL'],
  _hash: ["'\\x00'", "decode(repeat('ab', 32), 'hex')"],
  _vanished_at: ['now()', 'NULL'],
  _source_id: ['0', '999999'],
};

const corruption = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('cell' as const),
      column: fc.constantFrom(...Object.keys(values)),
      row: fc.nat(),
      value: fc.nat(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete' as const), row: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('insert' as const), row: fc.nat() }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('swap' as const),
      column: fc.constantFrom('ano', 'valor', 'dia', 'hora', 'feito', 'nome'),
      row: fc.nat(),
      other: fc.nat(),
    }),
  },
);

type Corruption = typeof corruption extends fc.Arbitrary<infer Value> ? Value : never;

type Table = { readonly key: string; readonly rows: readonly Record<string, unknown>[]; readonly columns: readonly string[] };

/** The statement that does it; null when there is nothing that it would change. */
async function corrupt(project: Project, table: Table, change: Corruption): Promise<boolean> {
  const { key, rows } = table;
  const at = (n: number) => `"${key}" = '${String(rows[n % rows.length]![key])}'`;
  if (change.kind === 'delete') {
    const live = rows.filter((row) => row['_vanished_at'] === null);
    return didChange(project, `DELETE FROM obras WHERE "${key}" = '${String(live[change.row % live.length]![key])}'`);
  }
  if (change.kind === 'insert') {
    const names = table.columns.map((name) => `"${name}"`).join(', ');
    const copied = table.columns.map((name) => (name === key ? `'copy'` : name === '_vanished_at' ? 'NULL' : `"${name}"`));
    return didChange(project, `INSERT INTO obras (${names}) SELECT ${copied.join(', ')} FROM obras WHERE ${at(change.row)}`);
  }
  if (change.kind === 'swap') {
    const [a, b] = [at(change.row), at(change.other)];
    const other = `SELECT "${change.column}" FROM obras x WHERE x.${a} OR x.${b}`;
    return didChange(
      project,
      `UPDATE obras t SET "${change.column}" = (${other} EXCEPT SELECT t."${change.column}") WHERE (${a} OR ${b})
       AND (SELECT count(*) FROM (${other} GROUP BY 1) d) = 2`,
    );
  }
  if (!table.columns.includes(change.column)) return false;
  const options = values[change.column]!;
  const value = options[change.value % options.length]!;
  const isMoment = change.column === '_vanished_at';
  const differs = isMoment ? `("_vanished_at" IS NULL) <> (${value} IS NULL)` : `"${change.column}" IS DISTINCT FROM ${value}`;
  return didChange(project, `UPDATE obras SET "${change.column}" = ${value} WHERE ${at(change.row)} AND ${differs}`);
}

async function didChange(project: Project, statement: string): Promise<boolean> {
  const [row] = await project.query(`WITH done AS (${statement} RETURNING 1) SELECT count(*)::int AS n FROM done`);
  return row!['n'] !== 0;
}

/** More with PROPERTY_RUNS: 1,000 found every change in the long form. */
const numRuns = Number(process.env['PROPERTY_RUNS'] ?? 10);

describe('a table that somebody changed by hand', () => {
  it.each(kinds)('is found out by level content, whatever was changed: $title', async ({ lines }) => {
    await using told = await story(
      configOf(entry('obras', [columns, 'max_rejected_percent: 100', 'max_vanished_percent: 100', ...lines])),
    );
    const { project } = told;
    for (const day of days) expect(await told.day(day)).toMatchObject({ run: { error: null } });
    expect(found(await auditOf(project))).toEqual(clean);
    const table = await describeTable(project);
    await project.query('CREATE TABLE kept AS TABLE obras');
    let tried = 0;
    await fc.assert(
      fc.asyncProperty(corruption, async (change) => {
        const didIt = await corrupt(project, table, change);
        if (!didIt) return;
        tried++;
        const audit = await auditOf(project);
        await project.query('TRUNCATE obras');
        await project.query('INSERT INTO obras TABLE kept');
        expect(audit.match).toBe(false);
        expect(audit.missing_in_db + audit.extra_in_db + audit.different).toBeGreaterThan(0);
        // A row that the files do not hold is missed by the counts alone, which know no names.
        expect(audit.samples.length > 0 || change.kind === 'delete').toBe(true);
      }),
      { numRuns },
    );
    expect(tried).toBeGreaterThan(numRuns / 3);
    expect(found(await auditOf(project))).toEqual(clean);
  });
});

async function describeTable(project: Project): Promise<Table> {
  const rows = await project.query('SELECT * FROM obras ORDER BY id');
  return { rows, columns: Object.keys(rows[0]!), key: Object.keys(rows[0]!).includes('_key') ? '_key' : 'id' };
}
