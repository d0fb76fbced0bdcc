import { appendFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { xlsxFile } from '../support/xlsx-files.ts';
import { zipFile } from '../support/zip-files.ts';
import { createWorkspace, day, dayOne, manyObras, obrasConfig, untilBusy } from './workspace.ts';

const nextDay = '2026-11-21';
const withSheet = obrasConfig.replace('key: [id]', 'key: [id]\n      format: { sheet: Obras }');

const cell = (text: string) => `<c t="inlineStr"><is><t>${text}</t></is></c>`;
const row = (...cells: string[]) => `<row>${cells.map(cell).join('')}</row>`;
const rows = row('ID_OBRA', 'VALOR', 'NOME') + row('1', '10,50', 'Ponte');
const workbook = xlsxFile({ sheets: [{ name: 'Plan1', rows }] });
const archive = zipFile([{ name: 'obras.csv', data: dayOne }]);

/** An OLE container with a stream EncryptedPackage is what Excel writes for a workbook with a password. */
function lockedWorkbook(): Buffer {
  const file = Buffer.alloc(512 * 4, 0);
  Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]).copy(file);
  file.writeUInt16LE(0x3e, 24); // minor version
  file.writeUInt16LE(3, 26); // version 3: sectors of 512 bytes
  file.writeUInt16LE(0xfffe, 28); // little-endian
  file.writeUInt16LE(9, 30);
  file.writeUInt16LE(6, 32);
  file.writeUInt32LE(1, 44); // one FAT sector: the first
  file.writeUInt32LE(1, 48); // the directory starts at sector 1
  file.writeUInt32LE(4096, 56);
  file.writeInt32LE(-2, 60);
  file.writeInt32LE(-2, 68);
  file.writeUInt32LE(0, 76);
  for (let i = 1; i < 109; i++) file.writeInt32LE(-1, 76 + 4 * i);
  for (let i = 0; i < 128; i++) file.writeInt32LE(-1, 512 + 4 * i);
  file.writeInt32LE(-3, 512);
  file.writeInt32LE(-2, 516);
  file.writeInt32LE(-2, 520);
  directoryEntry(file, 1024, 'Root Entry', 5, { child: 1, start: -2, size: 0 });
  directoryEntry(file, 1024 + 128, 'EncryptedPackage', 2, { child: -1, start: 2, size: 4096 });
  return file;
}

function directoryEntry(
  file: Buffer,
  at: number,
  name: string,
  type: number,
  entry: { child: number; start: number; size: number },
) {
  file.write(name, at, 'utf16le');
  file.writeUInt16LE(2 * name.length + 2, at + 64);
  file[at + 66] = type;
  file[at + 67] = 1;
  for (const [offset, value] of [
    [68, -1],
    [72, -1],
    [76, entry.child],
    [116, entry.start],
  ] as const)
    file.writeInt32LE(value, at + offset);
  file.writeUInt32LE(entry.size, at + 120);
}

type BadFile = {
  readonly title: string;
  readonly name: string;
  readonly content: Buffer | string;
  readonly yaml?: string;
  readonly code: string;
  readonly says: RegExp;
};

const badFiles: readonly BadFile[] = [
  { title: 'an empty file', name: 'obras.csv', content: '', code: 'source-empty', says: /obras\.csv has 0 bytes/ },
  {
    title: 'a file with a header only',
    name: 'obras.csv',
    content: 'ID_OBRA;VALOR;NOME\n',
    code: 'source-empty',
    says: /header and no data rows/,
  },
  {
    title: 'a truncated zip',
    name: 'obras.zip',
    content: archive.subarray(0, archive.length - 40),
    code: 'source-truncated',
    says: /obras\.zip/,
  },
  {
    title: 'a truncated workbook',
    name: 'obras.xlsx',
    content: workbook.subarray(0, workbook.length / 2),
    code: 'source-truncated',
    says: /obras\.xlsx/,
  },
  {
    title: 'a workbook with a password',
    name: 'obras.xlsx',
    content: lockedWorkbook(),
    code: 'source-encrypted',
    says: /password/,
  },
  {
    title: 'HTML named .xls',
    name: 'obras.xls',
    content: '<html><body><table><tr><td>1</td></tr></table></body></html>',
    code: 'source-disguised',
    says: /web page/,
  },
  {
    title: 'a CSV named .xlsx',
    name: 'obras.xlsx',
    content: `${dayOne}4;1;Rua\n`,
    code: 'source-disguised',
    says: /obras\.xlsx/,
  },
  {
    title: 'a wrong sheet name',
    name: 'obras.xlsx',
    content: workbook,
    yaml: withSheet,
    code: 'sheet-missing',
    says: /Obras[^]*Plan1/,
  },
  {
    title: 'a lost required column',
    name: 'obras.csv',
    content: 'ID_OBR;VALOR;NOME\n1;2;x\n',
    code: 'header-missing',
    says: /lacks id[^]*the nearest to id is "ID_OBR"/,
  },
  {
    title: 'an unclosed quote',
    name: 'obras.csv',
    content: 'ID_OBRA;VALOR;NOME\n1;2;"x\n2;3;y\n',
    code: 'source-truncated',
    says: /obras\.csv/,
  },
  { title: 'a PDF', name: 'obras.csv', content: '%PDF-1.7\n%âãÏÓ', code: 'source-unreadable', says: /PDF/ },
];

describe('a file that cannot be loaded', () => {
  it.each(badFiles)('is exit code 7 and leaves the database alone: $title', async ({ name, content, yaml, code, says }) => {
    await using workspace = await createWorkspace();
    await workspace.put(day, 'obras.csv', dayOne);
    expect(await workspace.run({ date: day })).toMatchObject({ exit_code: 0 });
    const before = await workspace.state();
    if (yaml) await workspace.configure(yaml);
    await workspace.put(nextDay, name, content);
    const ended = await workspace.runJson(['--date', nextDay]);
    expect(ended).toMatchObject({
      code: 7,
      report: {
        status: 'failed',
        exit_code: 7,
        error: { code, file: name },
        datasets: [{ name: 'obras', status: 'failed', error: { code } }],
      },
    });
    expect(ended.stderr.match(/^error /gm)).toHaveLength(1);
    expect(ended.stderr).toMatch(says);
    expect(ended.stderr).toMatch(/\n {2}next: /);
    expect(await workspace.state()).toEqual(before);
    expect(await workspace.query('SELECT status, exit_code FROM runs WHERE exit_code <> 0')).toEqual([
      { status: 'failed', exit_code: 7 },
    ]);
  });

  it.each([
    {
      title: 'the folder of raw files is not there',
      prepare: (folder: string) => rm(join(folder, 'data/raw'), { recursive: true }),
      says: /data\/raw/,
    },
    { title: 'it holds no file', prepare: async () => undefined, says: /No file matches the dataset obras/ },
  ])('is exit code 7 when $title', async ({ prepare, says }) => {
    await using workspace = await createWorkspace();
    await prepare(workspace.folder);
    const { code, stderr, report } = await workspace.runJson();
    expect({ code, report }).toMatchObject({ code: 7, report: { status: 'failed', error: { code: 'source-missing' } } });
    expect(stderr).toMatch(says);
    expect(await workspace.query("SELECT relname FROM pg_class WHERE relname = 'obras'")).toEqual([]);
  });

  it('says every dataset that cannot be loaded, not only the first', async () => {
    const two = `${obrasConfig}    - name: pontes\n      key: [id]\n      columns: { id: {} }\n`;
    await using workspace = await createWorkspace(two);
    const { code, stdout, stderr } = await workspace.projetus(['run']);
    expect(code).toBe(7);
    expect(stderr).toContain('No file matches the dataset obras');
    expect(stdout).toContain('No file matches the dataset pontes');
    expect(stdout).not.toContain('No file matches the dataset obras');
  });
});

describe('a file that changes while it is read', () => {
  it('by a writer that keeps appending is exit code 7', async () => {
    await using workspace = await createWorkspace();
    const path = await workspace.put(day, 'obras.csv', manyObras(20_000));
    let next = 20_000;
    const writer = setInterval(() => void appendFile(path, `${next++};1,00;y\n`), 5);
    try {
      const { code, stderr, report } = await workspace.runJson();
      expect({ code, report }).toMatchObject({ code: 7, report: { error: { code: 'source-changed', file: 'obras.csv' } } });
      expect(stderr).toContain('changed while it was read');
    } finally {
      clearInterval(writer);
    }
    expect(await workspace.query("SELECT relname FROM pg_class WHERE relname = 'obras'")).toEqual([]);
  });

  it('to other bytes of the same size and time is exit code 7', async () => {
    await using workspace = await createWorkspace();
    const content = manyObras(200_000);
    const path = await workspace.put(day, 'obras.csv', content);
    const { mtime } = await stat(path);
    await writeFile(`${path}.new`, content.replaceAll('1,00', '2,00'));
    const running = workspace.runJson();
    await untilBusy(workspace, 'COPY');
    await rename(`${path}.new`, path);
    await utimes(path, mtime, mtime);
    const { code, report } = await running;
    expect({ code, report }).toMatchObject({ code: 7, report: { error: { code: 'source-changed' } } });
  });
});
