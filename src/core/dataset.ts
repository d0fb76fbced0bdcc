/** What the configuration declares: one kind of record, its table and where it is read from. */
export type Dataset = {
  /** The dataset's name and its table's. */
  readonly name: string;
  /** The word in lineage. */
  readonly entity: string;
  /** Globs on the folded file name; empty: the file name holds the dataset's name or its singular. */
  readonly match: readonly string[];
  readonly url: string | null;
  readonly format: Format;
  /** full: what is absent has vanished. delta: absence says nothing. */
  readonly snapshot: 'full' | 'delta';
  /** Declared columns, or `content` for files that have no key. */
  readonly key: readonly string[] | 'content';
  readonly columns: readonly Column[];
  /** Columns that the header must hold. */
  readonly requiredColumns: readonly string[];
  /** Columns whose cells must not be blank. */
  readonly requiredValues: readonly string[];
  readonly unknownColumns: 'ignore' | 'text' | 'fail';
  readonly where: readonly { readonly column: string; readonly keywords: Keywords }[];
  readonly distinct: boolean;
  readonly duplicates: 'reject' | 'first' | 'last';
  readonly maxRejectedPercent: number;
  readonly onVanish: 'mark' | 'delete' | 'ignore';
  readonly maxVanishedPercent: number;
  readonly relations: readonly Relation[];
  readonly indexes: readonly (readonly string[])[];
  readonly expect: {
    readonly required: boolean;
    readonly minRows: number;
    readonly maxAgeHours: number | null;
    readonly mustChange: boolean;
  };
  readonly volumeTolerancePercent: number;
  readonly onVolumeAnomaly: 'warn' | 'hold';
  /** How the table is spread over servers: not at all, by its key, or whole on each of them. */
  readonly distribution: 'none' | 'key' | 'reference';
};

export type Column = {
  readonly name: string;
  /** Header names that mean this column, compared as `snakeCase`; never empty. */
  readonly from: readonly string[];
  readonly type: ColumnType;
  readonly keywords: Keywords;
};

export type ColumnType =
  | { readonly kind: 'text' | 'integer' | 'date' | 'timestamp' | 'boolean' }
  | { readonly kind: 'decimal'; readonly precision: number; readonly scale: number };

/** The JSON Schema keywords that a column may carry. Numbers are compared as exact decimals. */
export type Keywords = {
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly format?: 'cnpj' | 'cpf' | 'uf';
};

export type Relation = {
  readonly column: string;
  readonly references: { readonly dataset: string; readonly column: string };
  readonly onOrphan: 'warn' | 'reject' | 'ignore';
};

export type Format = {
  /** A sheet's 1-based position among the visible sheets, or its name. */
  readonly sheet: number | string;
  /** The member of an archive, a file name; null when there is exactly one data file. */
  readonly member: string | null;
  /** 1-based row of the header; auto: found below title rows. */
  readonly headerRow: number | 'auto';
  readonly delimiter: ';' | ',' | '\t' | '|' | 'auto';
  readonly encoding: 'utf-8' | 'windows-1252' | 'utf-16le' | 'auto';
  /** auto: with a comma, dots are thousands; without, a dot is decimal. */
  readonly decimal: ',' | '.' | 'auto';
  readonly footer: 'auto' | 'none';
  /** Words that mean NULL, compared after trimming. */
  readonly nullValues: readonly string[];
};

export function isNumeric({ type }: Pick<Column, 'type'>): boolean {
  return type.kind === 'integer' || type.kind === 'decimal';
}

/** `decimal(18,2)`, `text`: the type as the configuration writes it. */
export function typeName(type: ColumnType): string {
  return type.kind === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.kind;
}
