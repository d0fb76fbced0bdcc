import { zipFile, type ZipMember } from './zip-files.ts';

export type XlsxSheet = {
  readonly name: string;
  /** What stands between `<sheetData>` and its end. */
  readonly rows?: string;
  /** The whole part, instead of `rows`. */
  readonly xml?: string | Buffer;
  readonly state?: 'hidden' | 'veryHidden';
};

export type XlsxFile = {
  readonly sheets: readonly XlsxSheet[];
  /** What stands in each `<si>`. */
  readonly strings?: readonly string[];
  /** Number formats: cell style i has the i-th, a builtin id or a code. Style 0 is General. */
  readonly formats?: readonly (number | string)[];
  readonly is1904?: boolean;
  /** Parts that replace those of the same name, or come in addition. */
  readonly parts?: Readonly<Record<string, string | Buffer>>;
  /** Changes of the zip entries by name. */
  readonly entries?: Readonly<Record<string, Partial<ZipMember>>>;
};

const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packages = 'http://schemas.openxmlformats.org/package/2006';
const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** A workbook, as bytes. */
export function xlsxFile(file: XlsxFile): Buffer {
  const parts = new Map(Object.entries({ ...xlsxParts(file), ...file.parts }));
  return zipFile([...parts].map(([name, data]) => ({ name, data, ...file.entries?.[name] })));
}

/** The parts of a workbook, in Excel's order: the sheets before the strings. */
export function xlsxParts(file: XlsxFile): Record<string, string | Buffer> {
  const parts: Record<string, string | Buffer> = {
    '[Content_Types].xml': contentTypes(file.sheets.length),
    '_rels/.rels': relationships([['rId1', 'officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': workbook(file),
    'xl/_rels/workbook.xml.rels': relationships([
      ...file.sheets.map((_, index) => [`rId${index + 1}`, 'worksheet', `worksheets/sheet${index + 1}.xml`] as const),
      ['rId998', 'styles', 'styles.xml'],
      ['rId999', 'sharedStrings', 'sharedStrings.xml'],
    ]),
    'xl/styles.xml': styles(file.formats ?? []),
  };
  file.sheets.forEach((sheet, index) => (parts[`xl/worksheets/sheet${index + 1}.xml`] = sheet.xml ?? sheetXml(sheet.rows ?? '')));
  if (file.strings !== undefined) parts['xl/sharedStrings.xml'] = stringsXml(file.strings);
  return parts;
}

export function sheetXml(rows: string): string {
  return `${declaration}<worksheet xmlns="${main}"><dimension ref="A1"/><sheetData>${rows}</sheetData><pageMargins left="0.7"/></worksheet>`;
}

export function stringsXml(strings: readonly string[]): string {
  return `${declaration}<sst xmlns="${main}">${strings.map((string) => `<si>${string}</si>`).join('')}</sst>`;
}

export function relationships(list: readonly (readonly [id: string, type: string, target: string])[]): string {
  const items = list.map(([id, type, target]) => `<Relationship Id="${id}" Type="${office}/${type}" Target="${target}"/>`);
  return `${declaration}<Relationships xmlns="${packages}/relationships">${items.join('')}</Relationships>`;
}

function contentTypes(sheetCount: number): string {
  const type = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  const sheets = Array.from({ length: sheetCount }, (_, index) => [`worksheets/sheet${index + 1}`, 'worksheet'] as const);
  const parts = [['workbook', 'sheet.main'] as const, ['styles', 'styles'] as const, ['sharedStrings', 'sharedStrings'] as const];
  const tags = [...parts, ...sheets].map(
    ([part, kind]) => `<Override PartName="/xl/${part}.xml" ContentType="${type}.${kind}+xml"/>`,
  );
  return `${declaration}<Types xmlns="${packages}/content-types"><Default Extension="xml" ContentType="application/xml"/>${tags.join('')}</Types>`;
}

function workbook({ sheets, is1904 }: XlsxFile): string {
  const tags = sheets.map(
    ({ name, state }, index) =>
      `<sheet name="${escapeXml(name)}" sheetId="${index + 1}"${state === undefined ? '' : ` state="${state}"`} r:id="rId${index + 1}"/>`,
  );
  const properties = is1904 === true ? '<workbookPr date1904="1"/>' : '<workbookPr/>';
  return `${declaration}<workbook xmlns="${main}" xmlns:r="${office}">${properties}<sheets>${tags.join('')}</sheets></workbook>`;
}

function styles(formats: readonly (number | string)[]): string {
  const custom = formats.flatMap((format, index) =>
    typeof format === 'string' ? [`<numFmt numFmtId="${164 + index}" formatCode="${escapeXml(format)}"/>`] : [],
  );
  const cells = formats.map((format, index) => `<xf numFmtId="${typeof format === 'string' ? 164 + index : format}"/>`);
  return `${declaration}<styleSheet xmlns="${main}"><numFmts>${custom.join('')}</numFmts><cellStyleXfs><xf numFmtId="14"/><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${cells.join('')}</cellXfs></styleSheet>`;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
