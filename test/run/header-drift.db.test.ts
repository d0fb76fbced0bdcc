import { describe, expect, it } from 'vitest';
import { datasetOf } from '../support/project.ts';
import { configOf, csv, entry, obras, story } from './story.ts';

const first = csv('1;a;1;2025;');

describe('a header that is another one', () => {
  it('is reported once, with what is new, what is lost and what probably has a new name', async () => {
    await using days = await story(configOf(obras()));
    expect((await days.day(first)).dataset.header_drift).toBe(null);
    const drifted = 'id;nome;valores;fonte;ano\n1;a;1;x;2025\n';
    const drift = { added: ['fonte'], lost: ['dia'], renamed: [{ from: 'valor', to: 'valores' }] };
    const rehearsal = await days.day(drifted, { isDryRun: true });
    const run = await days.again();
    for (const { dataset, run: report } of [rehearsal, run]) {
      expect(dataset.header_drift).toEqual(drift);
      expect(report.alerts.filter(({ code }) => code === 'header-drift')).toMatchObject([
        { severity: 'warning', dataset: 'obras' },
      ]);
    }
    expect((await days.day(`${drifted}2;b;2;y;2025\n`)).dataset.header_drift).toBe(null);
  });

  it('is none for another order, case, or files that are not read', async () => {
    await using days = await story(configOf(obras()));
    await days.day(first);
    const moved = await days.day('ANO;Dia;VALOR;NOME;ID\n2025;;2;a;1\n');
    expect([moved.dataset.header_drift, moved.alerts]).toEqual([null, []]);
    const same = await days.day('ANO;Dia;VALOR;NOME;ID\n2025;;2;a;1\n');
    expect(same.dataset).toMatchObject({ status: 'unchanged', header_drift: null });
    expect((await days.day(first, { force: true })).dataset.header_drift).toBe(null);
  });

  it('is compared with the last published run: not with one that was held', async () => {
    await using days = await story(configOf(obras('max_rejected_percent: 1')));
    await days.day(first);
    const held = await days.day('id;nome;valor;ano;dia;novo\n1;a;x;;;\n');
    expect(held.run.exit_code).toBe(5);
    expect(held.dataset.header_drift).toMatchObject({ added: ['novo'] });
    expect(held.alerts).toContain('header-drift');
    expect((await days.day(csv('1;b;1;;'))).dataset.header_drift).toBe(null);
  });

  it('is that of all files of a day together, and of each dataset', async () => {
    const ruas = entry('ruas', ['key: [id]', 'columns: { id: {} }', 'max_vanished_percent: 100']);
    await using days = await story(configOf(obras('match: ["obras*"]'), ruas));
    await days.files({ 'obras-a.csv': 'id;nome\n1;a\n', 'obras-b.csv': 'id;valor\n2;1\n', 'ruas.csv': 'id;x\n1;\n' });
    const run = await days.files({ 'obras.csv': 'id;nome;valor\n3;c;1\n', 'ruas.csv': 'id\n2\n' });
    expect(datasetOf(run, 'obras').header_drift).toBe(null);
    expect(datasetOf(run, 'ruas').header_drift).toEqual({ added: [], lost: ['x'], renamed: [] });
  });

  it('with a lost required column stops the dataset and says what to write', async () => {
    await using days = await story(configOf(obras().replace('required_columns: [id]', 'required_columns: [id, valor]')));
    await days.day(first);
    const run = await days.day('id;nome;Valores;ano;dia\n1;a;1;;\n');
    expect(run.run).toMatchObject({ exit_code: 7, error: { code: 'header-missing', column: 'valor' } });
    expect(run.run.error!.hint).toContain('set columns.valor.from of obras: ["valor", "Valores"]');
  });
});
