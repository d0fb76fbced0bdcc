import { day, money } from './brazilian-text.ts';
import type { Random } from './random.ts';
import { tableOf, type SampleTable } from './sample-table.ts';

// prettier-ignore
const header = [
  'NR_CONVENIO', 'ID_PROPOSTA', 'DIA', 'MES', 'ANO', 'DIA_ASSIN_CONV', 'SIT_CONVENIO', 'SUBSITUACAO_CONV',
  'SITUACAO_PUBLICACAO', 'INSTRUMENTO_ATIVO', 'IND_OPERA_OBTV', 'NR_PROCESSO', 'UG_EMITENTE', 'DIA_PUBL_CONV',
  'DIA_INIC_VIGENC_CONV', 'DIA_FIM_VIGENC_CONV', 'DIA_FIM_VIGENC_ORIGINAL_CONV', 'DIAS_PREST_CONTAS',
  'DIA_LIMITE_PREST_CONTAS', 'DATA_SUSPENSIVA', 'DATA_RETIRADA_SUSPENSIVA', 'DIAS_CLAUSULA_SUSPENSIVA',
  'SITUACAO_CONTRATACAO', 'IND_ASSINADO', 'MOTIVO_SUSPENSAO', 'IND_FOTO', 'QTDE_CONVENIOS', 'QTD_TA', 'QTD_PRORROGA',
  'VL_GLOBAL_CONV', 'VL_REPASSE_CONV', 'VL_CONTRAPARTIDA_CONV', 'VL_EMPENHADO_CONV', 'VL_DESEMBOLSADO_CONV',
  'VL_SALDO_REMAN_TESOURO', 'VL_SALDO_REMAN_CONVENENTE', 'VL_RENDIMENTO_APLICACAO', 'VL_INGRESSO_CONTRAPARTIDA',
  'VL_SALDO_CONTA', 'VALOR_GLOBAL_ORIGINAL_CONV',
] as const;

type Cells = Partial<Record<(typeof header)[number], string>>;

/** One agreement for each of the proposals, and one number that comes twice with two balances, as in the real file. */
export function agreements(random: Random, proposalIds: readonly string[]): SampleTable {
  const records: Cells[] = proposalIds.map((id, index) => ({ ...agreement(random, id, index), ...oddities[index] }));
  return tableOf(header, [...records, { ...records[30], VL_SALDO_CONTA: '9915.04' }]);
}

function agreement(random: Random, proposalId: string, index: number): Cells {
  const year = random.pick([2024, 2025, 2026]);
  const transfer = random.integer(50_000_00, 3_000_000_00);
  const counterpart = random.integer(1_00, 90_000_00);
  const isSigned = random.chance(83);
  return {
    NR_CONVENIO: String(950_000 + index * 11),
    ID_PROPOSTA: proposalId,
    ...(isSigned ? signature(random, year) : {}),
    SIT_CONVENIO: isSigned ? random.pick(['Em execução', 'Aguardando Prestação de Contas', 'Prestação de Contas Aprovada']) : '',
    SITUACAO_PUBLICACAO: isSigned ? 'Publicado' : 'A Publicar',
    INSTRUMENTO_ATIVO: 'SIM',
    IND_OPERA_OBTV: random.pick(['SIM', 'NÃO']),
    NR_PROCESSO: `${random.digits(5)}.${random.digits(6)}/${year}-${random.digits(2)}`,
    UG_EMITENTE: random.chance(88) ? `0${random.digits(5)}` : '',
    DIA_INIC_VIGENC_CONV: day(1, random.integer(1, 12), year),
    DIA_FIM_VIGENC_CONV: day(28, random.integer(1, 12), year + 2),
    DIAS_PREST_CONTAS: '60',
    DIA_LIMITE_PREST_CONTAS: day(28, random.integer(1, 12), year + 3),
    ...(random.chance(44) ? { DATA_RETIRADA_SUSPENSIVA: day(15, random.integer(1, 12), year) } : {}),
    SITUACAO_CONTRATACAO: random.pick(['Normal', 'Cláusula Suspensiva']),
    IND_ASSINADO: isSigned ? 'SIM' : 'NÃO',
    IND_FOTO: 'NÃO',
    QTDE_CONVENIOS: '1',
    QTD_TA: random.chance(52) ? String(random.integer(1, 6)) : '',
    QTD_PRORROGA: random.chance(30) ? '1' : '',
    VL_GLOBAL_CONV: money(transfer + counterpart),
    VL_REPASSE_CONV: money(transfer),
    VL_CONTRAPARTIDA_CONV: money(counterpart),
    VL_EMPENHADO_CONV: random.chance(95) ? money(transfer) : '',
    VL_DESEMBOLSADO_CONV: random.chance(66) ? money(Math.round(transfer / 2)) : '',
    VL_SALDO_REMAN_TESOURO: random.chance(50) ? money(random.integer(0, 50_000_00)) : '',
    VL_INGRESSO_CONTRAPARTIDA: random.chance(51) ? money(counterpart) : '',
    // The one column of the file with a decimal point.
    VL_SALDO_CONTA: random.chance(80) ? (random.integer(0, 900_000_00) / 100).toFixed(2) : '',
    VALOR_GLOBAL_ORIGINAL_CONV: random.chance(30) ? money(transfer + counterpart) : '',
  };
}

function signature(random: Random, year: number): Cells {
  const [dayOfMonth, month] = [random.integer(1, 28), random.integer(1, 10)];
  return {
    DIA: String(dayOfMonth),
    MES: String(month),
    ANO: String(year),
    DIA_ASSIN_CONV: day(dayOfMonth, month, year),
    DIA_PUBL_CONV: day(dayOfMonth, month, year),
  };
}

const oddities: Readonly<Record<number, Cells>> = {
  4: {
    DATA_SUSPENSIVA: '26/09/0011',
    DIAS_CLAUSULA_SUSPENSIVA: '-45',
    MOTIVO_SUSPENSAO: 'Licença ambiental; titularidade da área',
  },
  8: { VL_EMPENHADO_CONV: '-5118910,33' },
  // What is left of a subtraction of floats: 20 characters.
  13: { VL_EMPENHADO_CONV: '-0,00000000023283064' },
  16: { DIA_INIC_VIGENC_CONV: '15/04/1900' },
  21: { NR_PROCESSO: '' },
  30: { VL_SALDO_CONTA: '9918.59' },
  // The one row that is refused: a word where a number should be.
  50: { VL_REPASSE_CONV: 'sigiloso' },
};
