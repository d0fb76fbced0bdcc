import { benchColumns, type BenchRow, type Column, type Day } from './data-shape.ts';

/** How a program writes values down. */
export type Style = {
  readonly delimiter: string;
  readonly day: (day: Day) => string;
  readonly decimalPoint: string;
  readonly lineEnd: string;
  readonly quotes: 'where needed' | 'everywhere';
};

/** As the source writes it. */
export const rawStyle: Style = {
  delimiter: ';',
  day: (day) => `${two(day[2])}/${two(day[1])}/${day[0]}`,
  decimalPoint: ',',
  lineEnd: '\r\n',
  quotes: 'where needed',
};

/** As `psql \copy … csv` wants it. */
export const cleanStyle: Style = {
  delimiter: ',',
  day: isoDay,
  decimalPoint: '.',
  lineEnd: '\n',
  quotes: 'where needed',
};

/** The same values from another program: every cell is quoted, days and amounts are written in another way, lines end otherwise. */
export const reexportedStyle: Style = {
  delimiter: ';',
  day: isoDay,
  decimalPoint: '.',
  lineEnd: '\n',
  quotes: 'everywhere',
};

export function csvHeader(columns: readonly Column[], { delimiter, lineEnd }: Style): string {
  return `\uFEFF${columns.map(([header]) => header).join(delimiter)}${lineEnd}`;
}

export function csvLine(row: BenchRow, style: Style, columnCount: number): string {
  const t = row.texts;
  const money = (cents: number): string => `${Math.trunc(cents / 100)}${style.decimalPoint}${two(cents % 100)}`;
  // prettier-ignore
  const cells = [
    String(row.id), t.uf, t.town, t.ibge, t.body, t.nature, t.number, String(row.year), style.day(row.proposed), t.modality,
    t.cnpj, t.proponent, t.cep, t.situation, style.day(row.from), style.day(row.to), t.object,
    money(row.transferCents + row.counterpartCents), money(row.transferCents), money(row.counterpartCents),
  ];
  for (let column = benchColumns.length; column < columnCount; column++) {
    const extras = [() => `${t.uf} ${column}`, () => money(row.transferCents + column), () => style.day(row.from)];
    cells.push(extras[(column - benchColumns.length) % extras.length]!());
  }
  return cells.map((cell) => quoted(cell, style)).join(style.delimiter) + style.lineEnd;
}

function quoted(cell: string, { delimiter, quotes }: Style): string {
  const isPlain = !cell.includes(delimiter) && !cell.includes('"') && !cell.includes('\n');
  return isPlain && quotes === 'where needed' ? cell : `"${cell.replaceAll('"', '""')}"`;
}

function isoDay(day: Day): string {
  return `${day[0]}-${two(day[1])}-${two(day[2])}`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
