import { describe, expect, it } from 'vitest';
import type { Guard } from '../../src/core/guard.ts';
import { rowsWithXmin } from '../support/project.ts';
import { configOf, csv, entry, obras, story } from './story.ts';

const yaml = configOf(
  entry('obras', [
    'key: [id]',
    'required_columns: [id, nome]',
    'columns: { id: {}, nome: {}, valor: { type: "decimal(18,2)" }, ano: { type: integer }, dia: { type: date } }',
  ]),
);
const accept = (guard: Guard) => ({ accept: [{ guard, dataset: 'obras' }] });

type Row = { nome: string; valor: string; ano: string; dia: string };

/** A file of so many rows, more than the floor of 20 that the configuration has by default. */
const file = (count: number, row: (index: number) => Partial<Row> = () => ({})) =>
  csv(
    ...Array.from({ length: count }, (_, index) => {
      const { nome, valor, ano, dia } = {
        nome: `obra ${index}`,
        valor: `${1000 + index},50`,
        ano: '2025',
        dia: '',
        ...row(index),
      };
      return [index, nome, valor, ano, dia].join(';');
    }),
  );

const hundredfold = (index: number) => ({ valor: `${1000 + index}50` });
const lost = (index: number) => ({ nome: index % 2 === 0 ? 'Constru\ufffd\ufffdo' : `obra ${index}` });
const twice = (index: number) => ({ nome: index % 2 === 0 ? 'ConstruÃ§Ã£o' : `obra ${index}` });

describe('a bad day', () => {
  it.each<[string, Guard, (index: number) => Partial<Row>, string]>([
    [
      'without its decimal commas',
      'columns',
      hundredfold,
      'the mean of valor is 105000.00, and was 1050.00 (100 times as much, which looks like decimal separators read wrongly)',
    ],
    [
      'with values in thousands',
      'columns',
      (index) => ({ valor: `1,0${index % 10}` }),
      'times less, which looks like decimal separators read wrongly',
    ],
    [
      'with a required column blank',
      'columns',
      () => ({ nome: '' }),
      'nome is filled in 0 of 100 records, and was in 100 of 100',
    ],
    ['with zeros for every value', 'columns', () => ({ valor: '0,00' }), 'valor is 0 in 100 of 100 values, and was in 0 of 100'],
    ['with letters that were lost', 'encoding', lost, 'obras.csv has 100 letters that became U+FFFD (\ufffd)'],
    ['with text that was encoded twice', 'encoding', twice, 'obras.csv has 100 that were encoded twice ("Ã§" for "ç")'],
  ])('%s publishes nothing, passes once with --accept %s, and is the new normal', async (_, guard, row, message) => {
    await using days = await story(yaml);
    await days.day(file(100));
    const before = await rowsWithXmin(days.project, ['obras', 'lineage_history', 'datasets']);
    const held = await days.day(file(100, row));
    expect(held.run).toMatchObject({ status: 'held', exit_code: 5, error: { code: `guard-${guard}` } });
    expect(held.run.error!.message).toContain(message);
    expect(held.run.error!.hint).toContain(`projetus run --accept ${guard}:obras`);
    expect(held.dataset.holds).toMatchObject([{ guard, accepted: null }]);
    expect(await rowsWithXmin(days.project, ['obras', 'lineage_history', 'datasets'])).toEqual(before);

    const passed = await days.again(accept(guard));
    expect(passed.run).toMatchObject({ status: 'success', exit_code: 0 });
    expect(passed.alerts).toContain('hold-accepted');
    const next = await days.day(file(101, row));
    expect(next.run).toMatchObject({ status: 'success', exit_code: 0 });
    expect(next.dataset).toMatchObject({ holds: [], emptied_columns: [] });
  });

  it('is compared with the last run that read its files, not with one that found them unchanged', async () => {
    await using days = await story(yaml);
    await days.day(file(100));
    const same = await days.day(file(100));
    expect(same.dataset).toMatchObject({ status: 'unchanged', profile: null, emptied_columns: [] });
    expect((await days.day(file(100, hundredfold))).run.error).toMatchObject({ code: 'guard-columns' });
    // A run that was held is not what the next one is compared with.
    expect((await days.day(file(100))).run.exit_code).toBe(0);
  });

  it('holds a first load of damaged text too', async () => {
    await using days = await story(yaml);
    const held = await days.day(file(100, twice));
    expect(held.run).toMatchObject({ exit_code: 5, error: { code: 'guard-encoding' } });
    expect(held.run.error!.hint).toContain('format.encoding');
  });

  it('that only emptied a column which is not required is told once, and published', async () => {
    await using days = await story(yaml);
    await days.day(file(100));
    const poorer = await days.day(file(100, (index) => ({ ano: index < 30 ? '2025' : '' })));
    expect(poorer.run.exit_code).toBe(0);
    expect(poorer.dataset.emptied_columns).toEqual([{ column: 'ano', before_percent: 100, now_percent: 30 }]);
    expect(poorer.run.alerts).toMatchObject([
      {
        severity: 'warning',
        code: 'column-emptied',
        dataset: 'obras',
        message: 'obras: ano is filled in 30 % of the records, and was in 100 %',
      },
    ]);
    expect((await days.day(file(101, (index) => ({ ano: index < 30 ? '2025' : '' })))).alerts).toEqual([]);
  });
});

describe('an ordinary day', () => {
  const rise = (index: number) => ({ valor: `${1100 + index},50` });

  it.each<[string, string, string, string[]]>([
    ['that grew by a tenth', file(100), file(110, rise), []],
    ['with a column that was always blank', file(100), file(105), []],
    ['with a column that is filled at last', file(100, () => ({ ano: '', valor: '' })), file(100), []],
    ['of a small table, whatever it holds', file(20), file(20, (index) => ({ ...hundredfold(index), nome: '', ano: '' })), []],
    ['with a few damaged names', file(100), file(100, (index) => (index < 10 ? lost(index) : {})), ['text-damaged']],
    ['with one enormous value', file(100), file(100, (index) => (index === 0 ? { valor: '2.000.000,00' } : {})), []],
    ['with all values at zero before', file(100, () => ({ valor: '0' })), file(100), []],
  ])('%s is not held', async (_, first, second, alerts) => {
    await using days = await story(yaml);
    const begun = await days.day(first);
    expect(begun.run.exit_code).toBe(0);
    const { run, dataset, alerts: told } = await days.day(second);
    expect(run).toMatchObject({ exit_code: 0, error: null });
    expect(dataset).toMatchObject({ holds: [], emptied_columns: [] });
    expect(told.filter((code) => code !== 'rows-vanished')).toEqual(alerts);
  });

  it('with a new optional column, declared or not, is not held', async () => {
    await using days = await story(configOf(obras('unknown_columns: text')));
    await days.day(file(100).replaceAll(/;[^;\n]*$/gm, ''));
    const wider = await days.day(file(100, () => ({ dia: '01/01/2025;novo' })).replace('dia', 'dia;extra'));
    expect(wider.run).toMatchObject({ exit_code: 0, error: null });
    expect(wider.dataset).toMatchObject({ holds: [], emptied_columns: [] });
    expect(wider.dataset.profile!.columns).toMatchObject({ dia: { filled: 100 }, extra: { filled: 100 } });
  });
});

describe('the profile in a report', () => {
  it('is over all files of a dataset, and stands in the dry run too', async () => {
    await using days = await story(yaml);
    const files = { 'obras-1.csv': csv('1;a;1,50;2025;'), 'obras-2.csv': csv('2;;-2,25;;', '3;c;0;;') };
    const run = await days.files(files);
    expect(run.datasets[0]!.profile).toEqual({
      records: 3,
      columns: {
        id: { filled: 3, nonzero: null, absolute_sum: null },
        nome: { filled: 2, nonzero: null, absolute_sum: null },
        valor: { filled: 3, nonzero: 2, absolute_sum: 3.75 },
        ano: { filled: 1, nonzero: 1, absolute_sum: 2025 },
        dia: { filled: 0, nonzero: null, absolute_sum: null },
      },
    });
    const rehearsal = await days.again({ isDryRun: true, force: true });
    expect(rehearsal.dataset.profile).toEqual(run.datasets[0]!.profile);
  });

  it('is null for a dataset whose file cannot be read', async () => {
    await using days = await story(yaml);
    expect((await days.day('id;nome\n')).dataset).toMatchObject({ status: 'failed', profile: null });
  });
});
