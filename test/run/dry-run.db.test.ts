import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunReport } from '../../src/core/report.ts';
import { createProject, datasetOf, rowsWithXmin, type Project } from '../support/project.ts';
import { configOf, csv, entry, obras } from './story.ts';

const yaml = configOf(
  obras('duplicates: last', 'unknown_columns: text', 'indexes: [[nome]]'),
  entry('fiscais', [
    'entity: fiscal',
    'key: [id]',
    'max_vanished_percent: 100',
    'columns: { id: {}, obra: {}, cpf: { format: cpf } }',
    'relations: [{ column: obra, references: obras.id }]',
  ]),
);

/** All that the dry run and the run after it must have in common. */
function common({ run_id, mode, started_at, finished_at, duration_ms, ...rest }: RunReport) {
  expect([run_id, mode, started_at, finished_at, duration_ms]).not.toContain(undefined);
  return rest;
}

async function everything(project: Project): Promise<string[]> {
  const tables = await project.query(
    "SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'S', 'i') AND relnamespace = 'public'::regnamespace ORDER BY 1",
  );
  const known = ['runs', 'datasets', 'extraction_logs', 'lineage_history', 'quarantine', 'reconciliations', 'obras', 'fiscais'];
  const there = tables.map(({ name }) => String(name));
  const filled = known.filter((name) => there.includes(name));
  return filled.length === 0 ? there : [...there, ...(await rowsWithXmin(project, filled))];
}

describe('a dry run', () => {
  it('reports on each of three days what the run after it reports, and writes nothing at all', async () => {
    await using project = await createProject(yaml);
    const days: [string, string, string][] = [
      [
        '2026-11-01',
        csv('1;a;1,00;2025;01/01/2025', '2;b;2,00;2025;', '3;c;;;', '9;x;abc;;'),
        'id;obra;cpf\n1;1;52998224725\n2;7;\n',
      ],
      [
        '2026-11-02',
        'id;nome;valor;ano;dia;extra\n1;a;1,50;2025;01/01/2025;\n2;b;2,00;2025;;\n4;d;;;;novo\n4;e;;;;\n9;x;abc;;;\n',
        'id;obra;cpf\n1;3;52998224725\n2;2;\n2;2;\n',
      ],
      ['2026-11-03', csv('1;a;1,50;2025;01/01/2025', '3;c;3,00;;', '4;e;x;;'), 'id;obra;cpf\n1;3;11144477735\n'],
    ];
    for (const [date, works, inspectors] of days) {
      await project.put(date, 'obras.csv', works);
      await project.put(date, 'fiscais.csv', inspectors);
      const before = await everything(project);
      const rehearsal = await project.run({ date, isDryRun: true });
      expect(rehearsal.mode).toBe('dry-run');
      expect(await everything(project)).toEqual(before);
      const real = await project.run({ date });
      expect(real).toMatchObject({ mode: 'run', exit_code: 0, error: null });
      expect(common(rehearsal)).toEqual(common(real));
    }
    const last = await project.run({ date: '2026-11-03', isDryRun: true });
    expect(last.status).toBe('unchanged');
  });

  it('shows which columns of which records change, and not what a cpf was', async () => {
    await using project = await createProject(yaml);
    await project.put('2026-11-01', 'obras.csv', csv('1;a;1,00;2025;'));
    await project.put('2026-11-01', 'fiscais.csv', 'id;obra;cpf\n1;1;52998224725\n');
    await project.run({ date: '2026-11-01' });
    await project.put('2026-11-02', 'obras.csv', csv('1;a;2,00;2025;', '2;b;;;'));
    await project.put('2026-11-02', 'fiscais.csv', 'id;obra;cpf\n1;1;11144477735\n');
    const report = await project.run({ date: '2026-11-02', isDryRun: true });
    expect(datasetOf(report, 'obras').samples).toEqual([
      { operation: 'update', id: '1', changes: { valor: { from: '1.00', to: '2.00' } } },
      { operation: 'insert', id: '2', changes: null },
    ]);
    expect(datasetOf(report, 'fiscais').samples).toEqual([
      { operation: 'update', id: '1', changes: { cpf: { from: '***', to: '***' } } },
    ]);
  });

  it('has the exit code and the reason of the run that would be held', async () => {
    await using project = await createProject(configOf(obras('max_rejected_percent: 1')));
    await project.put('2026-11-01', 'obras.csv', csv('1;a;abc;;', '2;b;;;'));
    const rehearsal = await project.run({ date: '2026-11-01', isDryRun: true });
    expect(rehearsal).toMatchObject({ status: 'held', exit_code: 5, error: { code: 'rejects-over-budget' } });
    expect(common(rehearsal)).toEqual(common(await project.run({ date: '2026-11-01' })));
  });

  it('makes no embedded database where there is none', async () => {
    await using project = await createProject(yaml, 'pglite');
    await project.put('2026-11-01', 'obras.csv', csv('1;a;1,00;2025;'));
    await project.put('2026-11-01', 'fiscais.csv', 'id;obra;cpf\n1;1;52998224725\n');
    const rehearsal = await project.run({ date: '2026-11-01', isDryRun: true });
    expect(rehearsal).toMatchObject({ exit_code: 0, error: null });
    expect(datasetOf(rehearsal, 'obras')).toMatchObject({ counts: { inserted: 1 }, stored: 1 });
    expect(existsSync(join(project.folder, 'data/db'))).toBe(false);
    expect(existsSync(join(project.folder, 'data/db.lock'))).toBe(false);
  });
});
