import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { guards } from '../../src/core/guard.ts';
import type { DatasetReport, Profile } from '../../src/core/report.ts';
import { lineHash } from '../../src/load/line-hash.ts';
import { root } from '../support/code-files.ts';
import { createProject, datasetOf, rowsWithXmin, type Project } from '../support/project.ts';
import { configOf, counted, csv, entry, obras, story } from './story.ts';

const fixtures = join(root, 'test/fixtures');
const entries = await readdir(fixtures, { withFileTypes: true });
const names = entries.flatMap((file) => (file.isFile() && file.name !== 'README.md' ? [file.name] : [])).toSorted();

/** One fixture after the other is no story that a guard would let through. */
const accept = guards.map((guard) => ({ guard, dataset: 'obras' }));

const anyFile = configOf(
  entry('obras', [
    'match: ["*"]',
    'key: [id]',
    'max_rejected_percent: 100',
    'max_vanished_percent: 100',
    'columns: { id: { from: [ID_OBRA] }, valor: { from: [VL_OBRA], type: "decimal(18,2)", minimum: 0 }, nome: { from: [NM_OBRA] } }',
  ]),
);

/** What a run says of a dataset, whichever way its rows were compared. */
function essence({ status, counts, stored, kept, error, profile, sources, rejects, relations }: DatasetReport) {
  const files = sources.map(({ rows, blank_rows, footer_rows, error_cells, absurd_dates, damaged_text, control_totals }) => {
    return { rows, blank_rows, footer_rows, error_cells, absurd_dates, damaged_text, control_totals };
  });
  return { status, counts, stored, kept, code: error?.code, profile: rounded(profile), files, rejects, relations };
}

/** Sums of doubles may differ in their last digits. */
function rounded(profile: Profile | null): unknown {
  return JSON.parse(JSON.stringify(profile), (_, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(12)) : value,
  );
}

async function isKnownLine(project: Project, id: string): Promise<boolean> {
  const [row] = await project.query(`SELECT octet_length(_raw) = 16 AS known FROM obras WHERE id = '${id}'`);
  return row!['known'] === true;
}

describe('both ways of comparing', () => {
  it('say the same of every fixture, and of each when it comes again', async () => {
    const says: unknown[] = [];
    for (const mostKnownRecords of [0, 1_000]) {
      await using project = await createProject(anyFile);
      const said: unknown[] = [];
      for (const [index, name] of names.entries()) {
        const date = `2026-${String(1 + Math.trunc(index / 28)).padStart(2, '0')}-${String(1 + (index % 28)).padStart(2, '0')}`;
        await project.put(date, name, await readFile(join(fixtures, name)));
        for (let time = 0; time < 2; time++) {
          const report = await project.run({ date, force: true, accept, mostKnownRecords });
          said.push([name, report.status, essence(datasetOf(report, 'obras'))]);
        }
      }
      says.push(said);
    }
    expect(says[1]).toEqual(says[0]);
  });

  it.each(['postgres', 'pglite'] as const)('say the same of days in which much happens, on %s', async (engine) => {
    const says: unknown[] = [];
    for (const mostKnownRecords of [0, 1_000]) {
      await using days = await story(configOf(obras('where: { ano: { enum: [2025, null] } }')), engine);
      const many = Array.from({ length: 30 }, (_, index) => `${100 + index};n${index};${index},5;2025;01/02/2025`);
      const said: unknown[] = [];
      const day = async (...lines: string[]) => {
        const { dataset } = await days.day(csv(...lines, ...many), { force: true, mostKnownRecords });
        said.push(essence(dataset));
      };
      await day('1;a;1;;', '2;b;2;;', '3;c;#N/D;;', '4;d;4;;20/06/0011');
      await day('1;a;1;;', '2;b;2,0;;', '3;c;#N/D;;', '4;d;4;;20/06/0011', '5;e;;2025;');
      await day('2;B;2;;', '1;a;1;;', '1;a;1,00;;', '3;c;#N/D;;', '4;d;4;;20/06/0011', '5;e;;2024;');
      await day('1;a;1;;', '2;B;2;;', '2;C;2;;', ';solta;1;;', '3;c;3;;', '6;f;x;;', '5;e;;2025;');
      await day('1;a;1;;', '1;a;1;;', '2;B;2;;', '3;c;3;;', '4;d;4;;20/06/0011', '6;"f";x;;', ';total;9;;');
      said.push(await days.rows("id, nome, valor::text, ano::text, dia::text, encode(_hash, 'hex') AS hash"));
      says.push(said);
    }
    expect(says[1]).toEqual(says[0]);
  });
});

describe('a line that is known', () => {
  it('is not looked at: with the hash of another line, that one passes for it', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;1;;', '2;b;2;;'));
    await days.project.query(`UPDATE obras SET _raw = '\\x${lineHash(Buffer.from('1;z;9;;'))}' WHERE id = '1'`);
    expect((await days.day(csv('1;z;9;;', '2;b;2;;'))).counts).toEqual(counted({ read: 2, unchanged: 2 }));
  });

  it.each([
    { title: 'the configuration', yaml: configOf(obras('format: { null_values: [a] }')), again: csv('1;a;1;;', '2;b;2;;') },
    { title: 'the header', yaml: configOf(obras()), again: csv('1;a;1;;', '2;b;2;;').replace('id;nome;valor', 'id;outra;valor') },
  ])('is not known any more when $title reads it in another way, nor ever after', async ({ yaml, again }) => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;1;;', '2;b;2;;'));
    await days.project.configure(yaml);
    const { counts } = await days.day(again, { accept: [{ guard: 'columns', dataset: 'obras' }] });
    expect(counts!.updated).toBeGreaterThan(0);
    await days.project.configure(configOf(obras()));
    const back = await days.day(csv('1;a;1;;', '2;b;2;;'));
    expect(back.counts!.updated).toBe(counts!.updated);
    expect(await days.rows('id, nome')).toEqual([
      { id: '1', nome: 'a' },
      { id: '2', nome: 'b' },
    ]);
  });

  it('is none that reports something, and none of several rows with one key', async () => {
    await using days = await story(configOf(obras('duplicates: last')));
    await days.day(csv('1;a;1;;', '2;b;#N/D;;', '3;c;;;20/06/0011', '4;d\uFFFD;;;', '5;e;5;;', '5;E;5;;'));
    const known = await Promise.all(['1', '2', '3', '4', '5'].map((id) => isKnownLine(days.project, id)));
    expect(known).toEqual([true, false, false, false, false]);
  });

  it('that comes twice is a duplicate, and from then on staged each day without a second reading', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;1;;', '2;b;2;;'));
    const twice = csv('1;a;1;;', '1;a;1;;', '2;b;2;;');
    expect((await days.day(twice)).counts).toEqual(counted({ read: 3, unchanged: 2, duplicate: 1 }));
    expect(await Promise.all(['1', '2'].map((id) => isKnownLine(days.project, id)))).toEqual([false, true]);
    const written = await rowsWithXmin(days.project, ['obras']);
    expect((await days.again({ force: true })).counts).toEqual(counted({ read: 3, unchanged: 2, duplicate: 1 }));
    expect(await rowsWithXmin(days.project, ['obras'])).toEqual(written);
  });

  it('does not hide that another row of the day has its key', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;1;;', '2;b;2;;'));
    const { counts } = await days.day(csv('1;a;1;;', '1;A;1;;', '2;b;2;;'));
    expect(counts).toEqual(counted({ read: 3, unchanged: 1, rejected: 2, new_rejects: 2 }));
    expect((await days.quarantine()).map(({ row_number }) => row_number)).toEqual([2, 3]);
  });

  it('counts in a total at the end of the file that was not there before', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;1,5;;', '2;b;2;;'));
    const { dataset, counts } = await days.day(csv('1;a;1,5;;', '2;b;2;;', ';;3,50;;'));
    expect(counts).toEqual(counted({ read: 2, unchanged: 2 }));
    expect(dataset.sources[0]!.control_totals).toEqual([{ column: 'valor', file: '3.50', computed: '3.50', match: true }]);
  });

  it('is forgotten when its record vanishes', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;1;;', '2;b;2;;'));
    await days.day(csv('2;b;2;;'));
    expect(await isKnownLine(days.project, '1')).toBe(false);
    expect((await days.day(csv('1;a;1;;', '2;b;2;;'))).counts).toEqual(counted({ read: 2, unchanged: 1, restored: 1 }));
  });
});

describe('records that came in other bytes', () => {
  it('are told by their hash, and nothing is written', async () => {
    await using days = await story(configOf(obras()));
    await days.day(csv('1;a;1;;', '2;b;2;;'));
    const written = await rowsWithXmin(days.project, ['obras', 'lineage_history']);
    const { counts } = await days.day(csv('"1";"a";"1,00";;', '"2";"b";"2,00";;'));
    expect(counts).toEqual(counted({ read: 2, unchanged: 2 }));
    expect(await rowsWithXmin(days.project, ['obras', 'lineage_history'])).toEqual(written);
  });
});
