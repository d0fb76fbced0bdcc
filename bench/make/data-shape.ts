/** Header, column name, type in PostgreSQL. */
export type Column = readonly [header: string, name: string, sqlType: string];

/**
 * The 20 columns of the benchmark's file, in the style of siconv_proposta. `config.yaml` of the benchmark and the reference
 * table of `psql \copy` are both made from such a list.
 */
export const benchColumns: readonly Column[] = [
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
];

const wideCount = 300;
const extraTypes = ['text', 'numeric(18,2)', 'date'];

/** The 20, and texts, amounts and days in turn. */
export const wideColumns: readonly Column[] = [
  ...benchColumns,
  ...Array.from({ length: wideCount - benchColumns.length }, (_, index): Column => {
    const number = String(benchColumns.length + index + 1).padStart(3, '0');
    return [`COLUNA_${number}`, `coluna_${number}`, extraTypes[index % extraTypes.length]!];
  }),
];

/** The reference table of L: the same types and primary key. */
export function referenceTable(name: string, columns: readonly Column[]): string {
  const list = columns.map(([, column, type]) => `${column} ${type}${column === 'id' ? ' PRIMARY KEY' : ''}`);
  return `CREATE TABLE ${name} (${list.join(', ')})`;
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
  readonly proposed: Day;
  readonly from: Day;
  readonly to: Day;
  readonly transferCents: number;
  readonly counterpartCents: number;
};

export type Day = readonly [year: number, month: number, day: number];
