import type { BenchRow, Day } from './data-shape.ts';

/**
 * Row `position` in its state `version` (0 on the first day, 1 where the second day changed it): always the same one,
 * so that two days agree in the rows that neither touched, without holding any of them.
 */
export function benchRow(position: number, version: number): BenchRow {
  let state = (Math.imul(position + 1, 0x9e3779b1) ^ 0x2545f491) | 0 || 1;
  // xorshift32, written out: this loop makes 20 million numbers.
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % limit;
  };
  // The first numbers of neighbouring seeds are alike.
  for (let warmUp = 0; warmUp < 3; warmUp++) below(2);
  const town = below(5_570);
  const year = 2008 + below(19);
  const proponent = below(29_000);
  return {
    id: 1_000_001 + position,
    year,
    proposed: day(year, below(365)),
    from: day(year + 1, below(365)),
    to: day(year + 3, below(365)),
    transferCents: below(2_000_000_000) + 1_000,
    counterpartCents: below(2) === 0 ? 0 : below(50_000_000),
    texts: {
      uf: ufs[town % ufs.length]!,
      town: `MUNICÍPIO INVENTADO ${town}`,
      ibge: String(1_100_000 + town * 7),
      body: bodies[below(bodies.length)]!,
      nature: natures[below(natures.length)]!,
      number: `${1 + below(60_000)}/${year}`,
      modality: modalities[below(modalities.length)]!,
      // Not checked for its digits: the benchmark's column has no `format`, so that L does the same work.
      cnpj: `${String(100_000_000 + proponent * 2_999).slice(1)}0001${10 + (proponent % 90)}`,
      proponent: proponent % 8 === 0 ? `ASSOCIAÇÃO "SÃO JOSÉ"; NÚCLEO ${proponent}` : `PREFEITURA MUNICIPAL ${proponent}`,
      cep: String(100_000_000 + below(99_999_999)).slice(1),
      situation: situations[(below(situations.length) + version) % situations.length]!,
      object: objectOf(below),
    },
  };
}

function day(year: number, dayOfYear: number): Day {
  return [year, 1 + (Math.trunc(dayOfYear / 28) % 12), 1 + (dayOfYear % 28)];
}

/** About 130 characters; one in eight holds a delimiter, one in sixteen quotes, one in 64 a line break. */
function objectOf(below: (limit: number) => number): string {
  let text = openings[below(openings.length)]!;
  const words = 8 + below(10);
  for (let count = 0; count < words; count++) text += ` ${vocabulary[below(vocabulary.length)]!}`;
  if (below(8) === 0) text += '; com contrapartida, conforme plano';
  if (below(16) === 0) text += ' "PROGRAMA CIDADE MELHOR"';
  if (below(64) === 0) text += '\nMeta 2: aquisição de veículo';
  return text;
}

const ufs = 'AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO'.split(' ');
const bodies = [
  'MINISTERIO DA SAUDE',
  'MINISTERIO DA EDUCACAO',
  'MINISTERIO DAS CIDADES',
  'MINISTERIO DO ESPORTE',
  'MINISTERIO DO TURISMO',
];
const natures = [
  'Administração Pública Municipal',
  'Organização da Sociedade Civil',
  'Administração Pública Estadual ou do Distrito Federal',
];
const modalities = ['CONVENIO', 'CONTRATO DE REPASSE', 'TERMO DE FOMENTO'];
const situations = [
  'Proposta/Plano de Trabalho Cadastrados',
  'Proposta/Plano de Trabalho em Análise',
  'Proposta/Plano de Trabalho Aprovados',
  'Proposta/Plano de Trabalho Complementado em Análise',
];
const openings = [
  'Construção de',
  'Reforma e ampliação de',
  'Aquisição de',
  'Pavimentação e drenagem de',
  'Apoio à realização de',
];
const vocabulary =
  'unidade básica saúde município equipamentos veículo escola creche quadra poliesportiva praça pública rua avenida bairro rural estrada vicinal ponte água esgoto tratamento máquina agrícola capacitação cultural evento turístico'.split(
    ' ',
  );
