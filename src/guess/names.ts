import { fold, snakeCase } from '../core/names.ts';

/** PostgreSQL cuts names at 63 bytes; a table's leaves room for the five of `_live`. */
const [longestTable, longestColumn] = [58, 63];

/** `siconv_obra_2026-11-20 (1).csv` is `siconv_obra`: what changes from day to day is no part of a name. */
export function tableName(fileName: string): string {
  const bare = fileName.replace(/(\.[a-z0-9]{1,5}){1,2}$/i, '').replace(/\d[\d_.-]*/g, ' ');
  return identifier(bare, longestTable, 'dados');
}

/** A glob that takes this file and those of other days: `*` for numbers, `?` for what a glob would read otherwise. */
export function matchPattern(fileName: string): string {
  const pattern = fold(fileName)
    .replace(/\d[\d_.-]*(?=\D)/g, '\u0000')
    // oxlint-disable-next-line no-control-regex
    .replace(/[^\p{L}\p{N}\u0000 ._-]/gu, '?')
    // oxlint-disable-next-line no-control-regex
    .replace(/\u0000/g, '*');
  // A number in front of the extension takes its dot with it.
  return pattern.replace(/\*(?=[a-z]{2,4}$)/, '*.');
}

/** Names for the columns of a header, each once; null for a header without a name. */
export function columnNames(headers: readonly string[]): (string | null)[] {
  const used = new Set<string>();
  return headers.map((header) => {
    if (header === '') return null;
    const wanted = identifier(header, longestColumn, 'coluna');
    let name = wanted;
    for (let count = 2; used.has(name); count++) name = `${wanted.slice(0, longestColumn - 5)}_${count}`;
    used.add(name);
    return name;
  });
}

function identifier(text: string, longest: number, otherwise: string): string {
  const plain = snakeCase(text)
    .replace(/[^a-z0-9_]+/g, '')
    .replace(/_{2,}/g, '_')
    .replace(/^_+|_+$/g, '');
  const name = /^\d/.test(plain) ? `c_${plain}` : plain;
  return name.slice(0, longest).replace(/_+$/, '') || otherwise;
}

const ids =
  /(?:^|_)(?:id|cod|codigo|cd|nr|nro|num|numero|no|cnpj|cpf|chave|sequencial|matricula|processo|protocolo|inscricao|agencia|conta|cep|ibge)(?:_|\d|$)/;
const amounts =
  /(?:^|_)(?:valor|valores|vl|vlr|vr|saldo|total|preco|custo|montante|receita|despesa|repasse|contrapartida|empenhado|liquidado|pago|arrecadado|orcado)(?:_|$)/;
const partsOfKeys = /(?:^|_)(?:ano|exercicio|mes|uf|sigla|modalidade|natureza|tipo|parcela|item|data|dt)(?:_|$)/;

/** Whether a column is named as an identifier: text, whatever it looks like, since leading zeros count. */
export function isIdName(column: string): boolean {
  return ids.test(column);
}

/** Whether a column is named as an amount: whole numbers of today have cents tomorrow. */
export function isAmountName(column: string): boolean {
  return amounts.test(column) && !isIdName(column);
}

/** Whether a column may tell records with one identifier apart. */
export function isPartOfKeyName(column: string): boolean {
  return isIdName(column) || partsOfKeys.test(column);
}
