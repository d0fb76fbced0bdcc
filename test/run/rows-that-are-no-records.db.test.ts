import { describe, expect, it } from 'vitest';
import { rowsWithXmin } from '../support/project.ts';
import { configOf, counted, csv, obras, story } from './story.ts';

describe('where', () => {
  const config = configOf(obras('where: { ano: { enum: [2025] } }'));

  it('counts the rows that it does not let through as filtered, and neither validates nor rejects them', async () => {
    await using days = await story(config);
    const first = await days.day(csv('1;a;;2025;', '2;b;abc;2024;99/99/9999', '3;c;abc;2025;'));
    expect(first.counts).toEqual(counted({ read: 3, inserted: 1, filtered: 1, rejected: 1, new_rejects: 1 }));
    expect((await days.quarantine()).map((row) => row['row_number'])).toEqual([4]);
  });

  it('lets a stored key that is filtered now vanish, with that reason', async () => {
    await using days = await story(config);
    await days.day(csv('1;a;;2025;', '2;b;;2025;', '3;c;;2025;'));
    const second = await days.day(csv('1;a;;2025;', '2;b;;2024;'));
    expect(second.counts).toEqual(counted({ read: 2, unchanged: 1, filtered: 1, vanished: 2 }));
    const reasons = await days.project.query(
      "SELECT id, _changes->'_vanished'->>'to' AS reason FROM obras WHERE id > '1' ORDER BY id",
    );
    expect(reasons).toEqual([
      { id: '2', reason: 'filtered' },
      { id: '3', reason: 'absent' },
    ]);
  });

  it('gives that reason for deleted rows too', async () => {
    await using days = await story(configOf(obras('where: { ano: { enum: [2025] } }', 'on_vanish: delete')));
    await days.day(csv('1;a;;2025;', '2;b;;2025;'));
    await days.day(csv('1;a;;2025;', '2;b;;2024;'));
    expect((await days.lineage('2')).versions.at(-1)).toMatchObject({
      operation: 'vanish',
      changes: { _vanished: { from: null, to: 'filtered' } },
    });
  });

  it('is held when it lets nothing through, and publishes nothing', async () => {
    await using days = await story(config);
    const first = await days.day(csv('1;a;;2024;', '2;b;;2023;'));
    expect(first.run).toMatchObject({ status: 'held', exit_code: 5, error: { code: 'guard-filter' } });
    expect(first.counts).toEqual(counted({ read: 2, filtered: 2 }));
    expect(await days.project.query("SELECT to_regclass('obras') AS table, count(*)::int AS n FROM datasets")).toEqual([
      { table: null, n: 0 },
    ]);
  });
});

describe('footers and control totals', () => {
  it('compares the totals row with the sum over the rows read, filtered and rejected ones included, and stores it', async () => {
    await using days = await story(configOf(obras('where: { ano: { enum: [2025] } }')));
    const first = await days.day(
      csv('1;a;10,50;2025;', '2;b;5;2024;', '3;c;4,50;x;', 'x;d;1;2025;', ';Total;21;;', ';fonte: gov;;;'),
    );
    expect(first.dataset.sources[0]).toMatchObject({
      footer_rows: 2,
      rows: 4,
      control_totals: [{ column: 'valor', file: '21.00', computed: '21.00', match: true }],
    });
    expect(first.alerts).toEqual(['rows-rejected']);
    const checks = await days.project.query('SELECT kind, source_value, db_value, is_match FROM reconciliations ORDER BY id');
    expect(checks).toEqual([
      { kind: 'rows', source_value: '2', db_value: '2', is_match: true },
      { kind: 'control-total', source_value: '21.00', db_value: '21.00', is_match: true },
    ]);
  });

  it('warns when the totals row is not the sum, and publishes all the same', async () => {
    await using days = await story(configOf(obras()));
    const first = await days.day(csv('1;a;10;;', '2;b;5;;', ';;16;;'));
    expect(first.run).toMatchObject({ status: 'success', exit_code: 0 });
    expect(first.alerts).toEqual(['control-total-mismatch']);
    const checks = await days.project.query("SELECT is_match FROM reconciliations WHERE kind = 'control-total'");
    expect(checks).toEqual([{ is_match: false }]);
  });

  it('rejects a row without a key between rows with one, and counts blank rows apart', async () => {
    await using days = await story(configOf(obras()));
    const first = await days.day(csv('1;a;;;', ';b;;;', ';;;;', '', '2;c;;;', ';;;;'));
    expect(first.counts).toEqual(counted({ read: 3, inserted: 2, rejected: 1, new_rejects: 1 }));
    expect(first.dataset.rejects).toMatchObject([{ row: 3, code: 'key-missing', column: 'id' }]);
    expect(first.dataset.sources[0]).toMatchObject({ rows: 3, footer_rows: 0 });
  });
});

describe('error cells', () => {
  it('are NULL, counted per column, and a warning; in a required value they are a reject', async () => {
    await using days = await story(configOf(obras('required_values: [id, ano]')));
    const first = await days.day(csv('1;#N/D;#VALOR!;2025;#REF!', '2;b;1;#N/A;', '3;c;1;2025;'));
    expect(first.counts).toEqual(counted({ read: 3, inserted: 2, rejected: 1, new_rejects: 1 }));
    expect(first.dataset.sources[0]!.error_cells).toEqual({ nome: 1, valor: 1, ano: 1, dia: 1 });
    expect(first.alerts).toContain('error-cells');
    expect((await days.rows())[0]).toEqual({ id: '1', nome: null, valor: null, ano: '2025', gone: false });
  });
});

describe('rejects', () => {
  const config = configOf(obras());
  const bad = '9;x;abc;;';

  it('are stored once, raw, with every error; the same rejects tomorrow are not stored again', async () => {
    await using days = await story(config);
    await days.day(csv('1;a;;;', '9;x; abc ;y;', bad, bad));
    const before = await days.quarantine();
    expect(before).toMatchObject([
      { raw: ['9', 'x', ' abc ', 'y', ''], errors: [{ column: 'ano' }, { code: 'type-error', column: 'valor', value: ' abc ' }] },
      { raw: ['9', 'x', 'abc', '', ''], occurrence: 1 },
      { raw: ['9', 'x', 'abc', '', ''], occurrence: 2 },
    ]);
    const tables = ['quarantine', 'obras', 'lineage_history'];
    const written = await rowsWithXmin(days.project, tables);
    const second = await days.day(csv('9;x; abc ;y;', '1;a;;;', bad, bad));
    expect(second.counts).toMatchObject({ rejected: 3, new_rejects: 0, unchanged: 1 });
    expect(second.dataset.status).toBe('unchanged');
    expect(second.alerts).toEqual([]);
    expect(await rowsWithXmin(days.project, tables)).toEqual(written);
  });

  it('are gone when a full snapshot no longer has them, and open again when they come back', async () => {
    await using days = await story(config);
    const statuses = async () => (await days.quarantine()).map((row) => row['status']);
    await days.day(csv('1;a;;;', bad, bad));
    await days.day(csv('1;a;;;', bad));
    expect(await statuses()).toEqual(['open', 'gone']);
    await days.day(csv('1;a;;;'));
    expect(await statuses()).toEqual(['gone', 'gone']);
    const back = await days.day(csv('1;a;;;', bad));
    expect(back.counts).toMatchObject({ rejected: 1, new_rejects: 0 });
    expect(await statuses()).toEqual(['open', 'gone']);
  });

  it('that a person discarded are known and stay discarded', async () => {
    await using days = await story(config);
    await days.day(csv('1;a;;;', bad));
    await days.project.query("UPDATE quarantine SET status = 'discarded'");
    const second = await days.day(csv('1;a;;;', bad, '2;b;;;'));
    expect(second.counts).toMatchObject({ rejected: 1, new_rejects: 0 });
    expect(await days.quarantine()).toMatchObject([{ status: 'discarded' }]);
  });

  it('stay open when a delta does not hold them', async () => {
    await using days = await story(configOf(obras('snapshot: delta')));
    await days.day(csv('1;a;;;', bad));
    await days.day(csv('2;a;;;'));
    expect(await days.quarantine()).toMatchObject([{ status: 'open' }]);
  });

  it('make a dataset loaded when they are all that is new', async () => {
    await using days = await story(config);
    await days.day(csv('1;a;;;'));
    const second = await days.day(csv('1;a;;;', bad));
    expect(second.dataset.status).toBe('loaded');
    expect(second.run.status).toBe('success');
    expect(second.alerts).toEqual(['rows-rejected']);
  });

  it('above the budget publish nothing but the log and the quarantine, and exit 5', async () => {
    await using days = await story(configOf(obras('max_rejected_percent: 20')));
    await days.day(csv('1;a;;;', '2;b;;;'));
    const before = await rowsWithXmin(days.project, ['obras', 'lineage_history', 'datasets', 'reconciliations']);
    const held = await days.day(csv('1;A;;;', '2;b;;;', '3;c;;;', bad));
    expect(held.run).toMatchObject({ status: 'held', exit_code: 5, error: { code: 'rejects-over-budget', line: 5 } });
    expect(held.dataset).toMatchObject({
      status: 'held',
      counts: counted({ read: 4, updated: 1, unchanged: 1, inserted: 1, rejected: 1, new_rejects: 1 }),
    });
    expect(await rowsWithXmin(days.project, ['obras', 'lineage_history', 'datasets', 'reconciliations'])).toEqual(before);
    expect(await days.quarantine()).toMatchObject([{ raw: ['9', 'x', 'abc', '', ''], status: 'open' }]);
    const logs = await days.project.query('SELECT status FROM extraction_logs ORDER BY id');
    expect(logs).toEqual([{ status: 'loaded' }, { status: 'held' }]);
    const runs = await days.project.query('SELECT status, exit_code FROM runs ORDER BY started_at');
    expect(runs).toEqual([
      { status: 'success', exit_code: 0 },
      { status: 'held', exit_code: 5 },
    ]);
  });

  it('at the budget exactly are published', async () => {
    await using days = await story(configOf(obras('max_rejected_percent: 25')));
    expect((await days.day(csv('1;a;;;', '2;b;;;', '3;c;;;', bad))).run.exit_code).toBe(0);
  });

  it('leave no table of a dataset that was to be new', async () => {
    await using days = await story(configOf(obras('max_rejected_percent: 0')));
    expect((await days.day(csv('1;a;;;', bad))).run.exit_code).toBe(5);
    expect(await days.project.query("SELECT to_regclass('obras') AS t")).toEqual([{ t: null }]);
    const second = await days.day(csv('1;a;;;'));
    expect(second.run).toMatchObject({ exit_code: 0, status: 'success' });
    expect(second.counts).toEqual(counted({ read: 1, inserted: 1 }));
    expect(await days.quarantine()).toMatchObject([{ status: 'gone' }]);
  });

  it('of U+0000 have a code of their own and never crash a run', async () => {
    await using days = await story(config);
    const first = await days.day(csv('1;a\u0000b;;;', '2;b;;;'));
    expect(first.run.exit_code).toBe(0);
    expect(first.dataset.rejects).toMatchObject([{ code: 'character-invalid', column: 'nome' }]);
    expect(await days.quarantine()).toMatchObject([{ raw: ['1', 'a\u2400b', '', '', ''] }]);
  });
});

describe('personal data', () => {
  it.each([100, 0])(
    'is stored as it came, and neither in the report nor in the run log (max_rejected_percent: %s)',
    async (percent) => {
      const config = configOf(obras(`max_rejected_percent: ${percent}`)).replace('nome: {}', 'nome: { format: cpf }');
      await using days = await story(config);
      const first = await days.day(csv('1;529.982.247-25;;;', '2;111.222.333-44;;;', '3;11122233344;;;'));
      expect(first.counts).toMatchObject({ rejected: 2 });
      const logged = await days.project.query('SELECT report FROM runs');
      for (const shown of [JSON.stringify(first.run), JSON.stringify(logged)]) {
        expect(shown).toContain('***');
        expect(shown).not.toMatch(/111.?222.?333/);
      }
      expect((await days.quarantine())[0]).toMatchObject({
        raw: ['2', '111.222.333-44', '', '', ''],
        errors: [{ value: '111.222.333-44' }],
      });
    },
  );
});
