import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowTexts } from '../../src/core/rows.ts';
import { exportCsv } from '../../src/quarantine/export-csv.ts';
import { exportCells, exportHeader, guard, unguard, type ExportTable } from '../../src/quarantine/export-format.ts';
import { exportXlsx } from '../../src/quarantine/export-xlsx.ts';
import type { KeptReject } from '../../src/quarantine/kept-rejects.ts';
import { writePrivateFile } from '../../src/quarantine/write-private-file.ts';
import { openCorrectedFile } from '../../src/retry/corrected-file.ts';
import { correctedRows, ownCells } from '../../src/retry/corrected-rows.ts';
import { collect } from './quarantined.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'projetus-export-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the guard against formulas', () => {
  it.each([
    { text: '=1+1', guarded: "'=1+1" },
    { text: '+55 11 4004', guarded: "'+55 11 4004" },
    { text: '@SUM(A1)', guarded: "'@SUM(A1)" },
    { text: "-2+3+cmd|' /C calc'!A0", guarded: "'-2+3+cmd|' /C calc'!A0" },
    { text: '\t=1', guarded: "'\t=1" },
    { text: '\r=1', guarded: "'\r=1" },
    { text: '＝1+1', guarded: "'＝1+1" },
    { text: "'=1", guarded: "''=1" },
    { text: "'-5", guarded: "''-5" },
    { text: '-1.234,56', guarded: '-1.234,56' },
    { text: '+5', guarded: '+5' },
    { text: "'quoted'", guarded: "'quoted'" },
    { text: 'a=1', guarded: 'a=1' },
    { text: '', guarded: '' },
  ])('writes $text as $guarded, and reads it back', ({ text, guarded }) => {
    expect(guard(text)).toBe(guarded);
    expect(unguard(guarded)).toBe(text);
  });

  it('gives every text back, and lets none through that a spreadsheet would run', () => {
    const tricky = fc.stringMatching(/^'{0,3}[=+\-@\t\r＝a1]?[=+\-@1,.a']{0,6}$/);
    fc.assert(
      fc.property(fc.oneof(tricky, fc.string({ unit: 'binary' })), (text) => {
        expect(unguard(guard(text))).toBe(text);
        expect(guard(text)).not.toMatch(/^(?![-+]\d[\d.,]*$)[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/);
      }),
      { numRuns: 500 },
    );
  });
});

function reject(id: number, raw: readonly string[]): KeptReject {
  return {
    id: String(id),
    dataset: 'obras',
    status: 'open',
    run_id: 'r',
    created_at: new Date(0),
    source_id: '1',
    source_file: '=evil.csv',
    sheet: null,
    row_number: id,
    raw,
    errors: [
      { code: 'type-error', column: 'a', value: raw[0] ?? null, message: 'a: expected a number' },
      { code: 'enum', column: 'b', value: null, message: 'b: no' },
    ],
  };
}

function tableOf(header: readonly string[], rejects: readonly KeptReject[], dataset = 'obras'): ExportTable {
  const width = Math.max(header.length, ...rejects.map(({ raw }) => raw.length));
  return { dataset, header, sourceIds: ['1'], rejects: rejects.length, width, lastId: '9' };
}

async function write(name: string, tables: readonly (readonly [ExportTable, readonly KeptReject[]])[]): Promise<string> {
  const path = join(folder, name);
  const pages = async function* (table: ExportTable) {
    yield tables.find(([other]) => other === table)![1];
  };
  const all = tables.map(([table]) => table);
  await writePrivateFile(path, true, name.endsWith('.csv') ? exportCsv(all[0]!, pages) : exportXlsx(all, pages));
  return path;
}

const signal = new AbortController().signal;

describe('an export', () => {
  it('is what Excel in Brazil opens: a byte order mark, semicolons, CRLF, every cell in quotes', async () => {
    const rejects = [reject(7, ['1', 'a "b"\nc', '=x'])];
    const path = await write('dialect.csv', [[tableOf(['id', '=h'], rejects), rejects]]);
    expect(await readFile(path, 'utf8')).toBe(
      '\ufeff"_quarantine_id";"id";"\'=h";"_quarantine_extra_1";"_quarantine_file";"_quarantine_sheet";"_quarantine_line";"_quarantine_errors"\r\n' +
        '"7";"1";"a ""b""\nc";"\'=x";"\'=evil.csv";"";"7";"[type-error] a: expected a number; [enum] b: no"\r\n',
    );
  });

  it.each(['round.csv', 'round.xlsx'])('comes back cell by cell as it was: %s', async (name) => {
    // As JSON keeps them in the quarantine: no U+0000, no half surrogates. XML has no U+FFFE and U+FFFF.
    const text = fc
      .oneof(
        fc.string({ unit: 'binary', maxLength: 12 }),
        fc.stringMatching(/^['=+\-@0-9;",\n]{0,6}$/),
        fc.constantFrom('00123', '_x0041_', ' a ', 'ção', '12345678901234567890'),
      )
      .map((value) =>
        value
          .replaceAll('\u0000', '')
          .replaceAll(/[\ufffe\uffff]/g, '')
          .replaceAll(/\r\n?/g, '\n'),
      );
    const row = fc.array(text, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 8 }), async (rows) => {
        const rejects = rows.map((raw, index) => reject(index + 1, raw));
        const table = tableOf(['id', '=nome', ''], rejects);
        const path = await write(name, [[table, rejects]]);
        const { sheets } = await openCorrectedFile(path, signal);
        expect(sheets).toHaveLength(1);
        const sheet = sheets[0]!;
        expect(sheet.header).toEqual(['id', '=nome', '']);
        const returned = (await collect(correctedRows(sheet))).flat();
        expect(returned.map(({ id }) => id)).toEqual(rejects.map(({ id }) => id));
        expect(returned.map(({ cells }) => cells)).toEqual(rows.map((raw) => exportCells(raw, table.width)));
        const batches = await collect(ownCells(sheet, new Set(returned.map(({ rowNumber }) => rowNumber))));
        const texts = batches.flatMap((batch) => Array.from({ length: batch.rowCount }, (_, index) => rowTexts(batch, index)));
        expect(texts.map((cells) => padded(cells, table.width))).toEqual(rows.map((raw) => padded(raw, table.width)));
      }),
      { numRuns: 30 },
    );
  });

  it('to a workbook has a sheet for each dataset and header, all cells text', async () => {
    const one = [reject(1, ['00123', '-5'])];
    const two = [reject(2, ['1', '2', '3'])];
    const dataset = 'x'.repeat(40);
    const path = await write('sheets.xlsx', [
      [tableOf(['a', 'b'], one, dataset), one],
      [tableOf(['a', 'b', 'c'], two, dataset), two],
    ]);
    const { sheets } = await openCorrectedFile(path, signal);
    expect(sheets.map(({ table }) => table.receipt.format)).toEqual(['xlsx', 'xlsx']);
    expect(sheets.map(({ table, header }) => [table.receipt.sheet, header])).toEqual([
      ['x'.repeat(31), ['a', 'b']],
      [`${'x'.repeat(29)} 2`, ['a', 'b', 'c']],
    ]);
    const batches = await collect(sheets[0]!.table.batches());
    expect([...batches[0]!.cellKinds.subarray(0, batches[0]!.rowEnds[1])].every((kind) => kind === 0)).toBe(true);
  });

  it.each([
    {
      title: 'a cell that Excel cannot hold',
      table: () => [reject(3, ['x'.repeat(32_768)])],
      rejects: 1,
      says: /cell of reject 3 has 32768 characters/,
    },
    { title: 'more rows than a sheet has', table: () => [reject(1, ['1'])], rejects: 1_048_576, says: /too many for an .xlsx/ },
  ])('to a workbook refuses $title', async ({ table, rejects, says }) => {
    const rows = table();
    await expect(write('refused.xlsx', [[{ ...tableOf(['a'], rows), rejects }, rows]])).rejects.toThrow(says);
    expect(await readdir(folder)).not.toContain('refused.xlsx');
  });

  it('names our columns so that they do not meet those of a file', () => {
    expect(exportHeader(tableOf(['file', 'line', 'errors'], []))).toEqual([
      '_quarantine_id',
      'file',
      'line',
      'errors',
      '_quarantine_file',
      '_quarantine_sheet',
      '_quarantine_line',
      '_quarantine_errors',
    ]);
  });
});

/** White space at the end of a row is no cell too many, and is left out. */
function padded(cells: readonly string[], width: number): string[] {
  const last = cells.findLastIndex((cell) => cell.trim() !== '');
  return Array.from({ length: width }, (_, index) => (index > Math.max(last, 2) ? '' : (cells[index] ?? '')));
}

async function* chunks(...texts: string[]) {
  for (const text of texts) yield Buffer.from(text);
}

describe('the file of an export', () => {
  it('is for its owner alone, whole or not there, and leaves nothing beside it', async () => {
    const own = await mkdtemp(join(folder, 'own-'));
    const path = join(own, 'a.csv');
    await writePrivateFile(path, false, chunks('a', 'b'));
    expect(await readFile(path, 'utf8')).toBe('ab');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await expect(writePrivateFile(path, false, chunks('c'))).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('--force') as string,
    });
    const broken = (async function* () {
      yield Buffer.from('half');
      throw new Error('the server went away');
    })();
    await expect(writePrivateFile(path, true, broken)).rejects.toThrow('the server went away');
    expect(await readFile(path, 'utf8')).toBe('ab');
    await writePrivateFile(path, true, chunks('c'));
    expect(await readFile(path, 'utf8')).toBe('c');
    expect(await readdir(own)).toEqual(['a.csv']);
  });

  it('replaces a file that others could read by one that they cannot', async () => {
    const path = join(folder, 'open.csv');
    await writeFile(path, 'old', { mode: 0o644 });
    await writePrivateFile(path, true, chunks('new'));
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('does not replace one that came while it was written', async () => {
    const path = join(folder, 'late.csv');
    const late = (async function* () {
      yield Buffer.from('mine');
      await writeFile(path, 'theirs');
    })();
    await expect(writePrivateFile(path, false, late)).rejects.toMatchObject({ code: 'usage' });
    expect(await readFile(path, 'utf8')).toBe('theirs');
  });

  it('is refused where there is no folder', async () => {
    await expect(writePrivateFile(join(folder, 'no/a.csv'), false, chunks('a'))).rejects.toMatchObject({ code: 'usage' });
    await mkdir(join(folder, 'is'));
    await expect(writePrivateFile(join(folder, 'is'), true, chunks('a'))).rejects.toMatchObject({ code: 'usage' });
  });
});
