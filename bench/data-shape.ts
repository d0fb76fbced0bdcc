/**
 * The 20 columns of the benchmark's file, in the style of siconv_proposta: header, column name, type in PostgreSQL.
 * `config.yaml` of the benchmark and the reference table of `psql \copy` are both made from this list.
 */
export const benchColumns = [
  ['ID_PROPOSTA', 'id', 'bigint'],
  ['UF_PROPONENTE', 'uf', 'text'],
  ['MUNIC_PROPONENTE', 'municipio', 'text'],
  ['COD_MUNIC_IBGE', 'codigo_ibge', 'text'],
  ['DESC_ORGAO_SUP', 'orgao_superior', 'text'],
  ['NATUREZA_JURIDICA', 'natureza_juridica', 'text'],
  ['NR_PROPOSTA', 'nr_proposta', 'text'],
  ['ANO_PROP', 'ano', 'integer'],
  ['DIA_PROPOSTA', 'data_proposta', 'date'],
  ['MODALIDADE', 'modalidade', 'text'],
  ['IDENTIF_PROPONENTE', 'cnpj', 'text'],
  ['NM_PROPONENTE', 'proponente', 'text'],
  ['CEP_PROPONENTE', 'cep', 'text'],
  ['SIT_PROPOSTA', 'situacao', 'text'],
  ['DIA_INIC_VIGENCIA_PROPOSTA', 'inicio', 'date'],
  ['DIA_FIM_VIGENCIA_PROPOSTA', 'fim', 'date'],
  ['OBJETO_PROPOSTA', 'titulo', 'text'],
  ['VL_GLOBAL_PROP', 'valor', 'numeric(18,2)'],
  ['VL_REPASSE_PROP', 'valor_repasse', 'numeric(18,2)'],
  ['VL_CONTRAPARTIDA_PROP', 'valor_contrapartida', 'numeric(18,2)'],
] as const;

/** The reference table of L: the same types and primary key. */
export function referenceTable(name: string): string {
  const columns = benchColumns.map(([, column, type]) => `${column} ${type}${column === 'id' ? ' PRIMARY KEY' : ''}`);
  return `CREATE TABLE ${name} (${columns.join(', ')})`;
}

/** One row of the benchmark: the same values for the raw file and for its cleaned twin. */
export type BenchRow = {
  readonly id: number;
  readonly texts: {
    readonly uf: string;
    readonly town: string;
    readonly ibge: string;
    readonly body: string;
    readonly nature: string;
    readonly number: string;
    readonly modality: string;
    readonly cnpj: string;
    readonly proponent: string;
    readonly cep: string;
    readonly situation: string;
    readonly object: string;
  };
  readonly year: number;
  /** [year, month, day] */
  readonly proposed: Day;
  readonly from: Day;
  readonly to: Day;
  readonly transferCents: number;
  readonly counterpartCents: number;
};

export type Day = readonly [number, number, number];

/** As the source writes it: `;`, DD/MM/YYYY, decimal comma, quotes where needed. CRLF at the end. */
export function rawLine(row: BenchRow): string {
  return line(row, ';', (day) => `${two(day[2])}/${two(day[1])}/${day[0]}`, ',', '\r\n');
}

/** As `psql \copy … csv` wants it: `,`, ISO dates, decimal point. LF at the end. */
export function cleanLine(row: BenchRow): string {
  return line(row, ',', (day) => `${day[0]}-${two(day[1])}-${two(day[2])}`, '.', '\n');
}

function line(row: BenchRow, delimiter: string, date: (day: Day) => string, point: string, end: string): string {
  const t = row.texts;
  const money = (cents: number): string => `${Math.trunc(cents / 100)}${point}${two(cents % 100)}`;
  // A decimal comma must not part a cell of the twin, whose delimiter it is: amounts there have a point.
  // prettier-ignore
  const cells = [
    String(row.id), t.uf, t.town, t.ibge, t.body, t.nature, t.number, String(row.year), date(row.proposed), t.modality,
    t.cnpj, quoted(t.proponent, delimiter), t.cep, quoted(t.situation, delimiter), date(row.from), date(row.to),
    quoted(t.object, delimiter), money(row.transferCents + row.counterpartCents),
    money(row.transferCents), money(row.counterpartCents),
  ];
  return cells.join(delimiter) + end;
}

function quoted(cell: string, delimiter: string): string {
  if (!cell.includes(delimiter) && !cell.includes('"') && !cell.includes('\n')) return cell;
  return `"${cell.replaceAll('"', '""')}"`;
}

function two(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}
