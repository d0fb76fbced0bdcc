import { day } from './brazilian-text.ts';
import { bodies, natures } from './invented-world.ts';
import type { Random } from './random.ts';
import { tableOf, type SampleTable } from './sample-table.ts';

// prettier-ignore
const header = [
  'COD_ORGAO_SUP_PROGRAMA', 'DESC_ORGAO_SUP_PROGRAMA', 'ID_PROGRAMA', 'COD_PROGRAMA', 'NOME_PROGRAMA', 'SIT_PROGRAMA',
  'DATA_DISPONIBILIZACAO', 'ANO_DISPONIBILIZACAO', 'DT_PROG_INI_RECEB_PROP', 'DT_PROG_FIM_RECEB_PROP',
  'DT_PROG_INI_EMENDA_PAR', 'DT_PROG_FIM_EMENDA_PAR', 'DT_PROG_INI_BENEF_ESP', 'DT_PROG_FIM_BENEF_ESP',
  'MODALIDADE_PROGRAMA', 'NATUREZA_JURIDICA_PROGRAMA', 'UF_PROGRAMA', 'ACAO_ORCAMENTARIA', 'NOME_SUBTIPO_PROGRAMA',
  'DESCRICAO_SUBTIPO_PROGRAMA',
] as const;

type Cells = Partial<Record<(typeof header)[number], string>>;

export type Programme = { readonly id: string; readonly code: string };

const subjects = [
  'Apoio à Infraestrutura Turística',
  'Esporte e Lazer na Cidade; núcleos permanentes',
  'Estruturação da Rede de Atenção "Primária"',
  'Fomento ao Setor Agropecuário',
  'Pontos de Cultura',
  'Educação em Tempo Integral',
];

export function inventProgrammes(firstId: number, count: number): Programme[] {
  return Array.from({ length: count }, (_, index) => {
    // The last two share one code: COD_PROGRAMA is not a key.
    const sequence = Math.min(index, count - 2);
    return {
      id: String(firstId + index),
      code: `${bodies[sequence % bodies.length]![0]}2026${String(sequence + 1).padStart(4, '0')}`,
    };
  });
}

/** One row per programme, modality, nature and UF, as in the real file. */
export function programmeRules(random: Random, programmes: readonly Programme[]): SampleTable {
  const records = programmes.flatMap((programme, index) => rulesOf(random, programme, index));
  // The one row that is refused. Its programme has others, so that nothing becomes an orphan.
  records[7] = { ...records[7], DT_PROG_FIM_EMENDA_PAR: '31/04/2026' };
  return tableOf(header, records);
}

function rulesOf(random: Random, programme: Programme, index: number): Cells[] {
  const [bodyCode, body] = bodies[index % bodies.length]!;
  const isAvailable = index % 10 !== 9;
  const shared: Cells = {
    COD_ORGAO_SUP_PROGRAMA: bodyCode,
    DESC_ORGAO_SUP_PROGRAMA: body,
    ID_PROGRAMA: programme.id,
    COD_PROGRAMA: programme.code,
    NOME_PROGRAMA: `${random.integer(1000, 9999)} - ${subjects[index % subjects.length]}`,
    SIT_PROGRAMA: isAvailable ? 'DISPONIBILIZADO' : 'CADASTRADO',
    DATA_DISPONIBILIZACAO: isAvailable ? day(random.integer(1, 28), random.integer(1, 3), 2026) : '',
    ANO_DISPONIBILIZACAO: isAvailable ? '2026' : '',
    ...windowOf(random, index),
    ACAO_ORCAMENTARIA: `${random.digits(4)}${random.digits(2)}XX`,
    ...(index === 4 ? { NOME_SUBTIPO_PROGRAMA: 'PAC', DESCRICAO_SUBTIPO_PROGRAMA: 'Ação do Novo PAC' } : {}),
  };
  const modalities =
    index % 3 === 0 ? ['CONVENIO', 'CONTRATO DE REPASSE'] : index % 3 === 1 ? ['TERMO DE FOMENTO'] : ['CONVENIO', ''];
  const kinds = index % 3 === 1 ? [natures.civil] : [natures.municipal, natures.consortium];
  const ufs = ['BA', 'CE', 'MG', 'SP', 'TO'].slice(0, index % 3 === 1 ? 5 : 3);
  return modalities.flatMap((MODALIDADE_PROGRAMA) =>
    kinds.flatMap((NATUREZA_JURIDICA_PROGRAMA) =>
      ufs.map((UF_PROGRAMA) => ({ ...shared, MODALIDADE_PROGRAMA, NATUREZA_JURIDICA_PROGRAMA, UF_PROGRAMA })),
    ),
  );
}

/** The window in which proposals are taken: one of three kinds, and sometimes a start without an end or an absurd year. */
function windowOf(random: Random, index: number): Cells {
  const from = day(random.integer(1, 28), random.integer(1, 6), 2026);
  const to = index === 5 ? '15/12/5008' : day(random.integer(1, 28), random.integer(7, 12), 2026);
  if (index % 3 === 0) return { DT_PROG_INI_EMENDA_PAR: from, DT_PROG_FIM_EMENDA_PAR: index === 6 ? '' : to };
  if (index % 3 === 1) return { DT_PROG_INI_BENEF_ESP: from, DT_PROG_FIM_BENEF_ESP: to };
  return { DT_PROG_INI_RECEB_PROP: index === 8 ? '11/03/0006' : from, DT_PROG_FIM_RECEB_PROP: to };
}
