import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filesOf, firstDay } from '../samples/sample-day.ts';
import { loadConfig } from '../src/config/load-config.ts';
import { downloadName } from '../src/core/download-name.ts';
import { typeName, type Dataset } from '../src/core/dataset.ts';
import { claims } from '../src/source/match.ts';
import { root } from './support/code-files.ts';

/** The headers of the real files, in their order: the facts that config.yaml has to agree with. */
const headers: Readonly<Record<string, string>> = {
  propostas:
    'ID_PROPOSTA;UF_PROPONENTE;MUNIC_PROPONENTE;COD_MUNIC_IBGE;COD_ORGAO_SUP;DESC_ORGAO_SUP;NATUREZA_JURIDICA;NR_PROPOSTA;DIA_PROP;MES_PROP;ANO_PROP;DIA_PROPOSTA;COD_ORGAO;DESC_ORGAO;MODALIDADE;IDENTIF_PROPONENTE;NM_PROPONENTE;CEP_PROPONENTE;ENDERECO_PROPONENTE;BAIRRO_PROPONENTE;NM_BANCO;SITUACAO_CONTA;SITUACAO_PROJETO_BASICO;SIT_PROPOSTA;DIA_INIC_VIGENCIA_PROPOSTA;DIA_FIM_VIGENCIA_PROPOSTA;OBJETO_PROPOSTA;ITEM_INVESTIMENTO;ENVIADA_MANDATARIA;NOME_SUBTIPO_PROPOSTA;DESCRICAO_SUBTIPO_PROPOSTA;VL_GLOBAL_PROP;VL_REPASSE_PROP;VL_CONTRAPARTIDA_PROP;CD_AGENCIA;CD_CONTA',
  programas:
    'COD_ORGAO_SUP_PROGRAMA;DESC_ORGAO_SUP_PROGRAMA;ID_PROGRAMA;COD_PROGRAMA;NOME_PROGRAMA;SIT_PROGRAMA;DATA_DISPONIBILIZACAO;ANO_DISPONIBILIZACAO;DT_PROG_INI_RECEB_PROP;DT_PROG_FIM_RECEB_PROP;DT_PROG_INI_EMENDA_PAR;DT_PROG_FIM_EMENDA_PAR;DT_PROG_INI_BENEF_ESP;DT_PROG_FIM_BENEF_ESP;MODALIDADE_PROGRAMA;NATUREZA_JURIDICA_PROGRAMA;UF_PROGRAMA;ACAO_ORCAMENTARIA;NOME_SUBTIPO_PROGRAMA;DESCRICAO_SUBTIPO_PROGRAMA',
  programa_proposta: 'ID_PROGRAMA;ID_PROPOSTA',
  emendas:
    'ID_PROPOSTA;QUALIF_PROPONENTE;COD_PROGRAMA_EMENDA;NR_EMENDA;NOME_PARLAMENTAR;BENEFICIARIO_EMENDA;IND_IMPOSITIVO;TIPO_PARLAMENTAR;VALOR_REPASSE_PROPOSTA_EMENDA;VALOR_REPASSE_EMENDA',
  apoiadores:
    'ID_CNPJ_PROGRAMA_EMENDA_APOIADORES_EMENDAS;NUMERO_EMENDA_APOIADORES_EMENDAS;NOME_PARLAMENTAR_APOIADORES_EMENDAS;INDICACAO_APOIADORES_EMENDAS;PARLAMENTAR_SOLICITANTE_APOIADORES_EMENDAS;CPF_PF_SOLICITANTE_APOIADORES_EMENDAS;NOME_PF_SOLICITANTE_APOIADORES_EMENDAS;CNPJ_PJ_SOLICITANTE_APOIADORES_EMENDAS;NOME_PJ_SOLICITANTE_APOIADORES_EMENDAS;CNPJ_PROPONENTE_APOIADORES_EMENDAS;NOME_PROPONENTE_APOIADORES_EMENDAS;VALOR_REPASSE_PROPOSTA_APOIADORES_EMENDAS;ID_PROGRAMA',
  convenios:
    'NR_CONVENIO;ID_PROPOSTA;DIA;MES;ANO;DIA_ASSIN_CONV;SIT_CONVENIO;SUBSITUACAO_CONV;SITUACAO_PUBLICACAO;INSTRUMENTO_ATIVO;IND_OPERA_OBTV;NR_PROCESSO;UG_EMITENTE;DIA_PUBL_CONV;DIA_INIC_VIGENC_CONV;DIA_FIM_VIGENC_CONV;DIA_FIM_VIGENC_ORIGINAL_CONV;DIAS_PREST_CONTAS;DIA_LIMITE_PREST_CONTAS;DATA_SUSPENSIVA;DATA_RETIRADA_SUSPENSIVA;DIAS_CLAUSULA_SUSPENSIVA;SITUACAO_CONTRATACAO;IND_ASSINADO;MOTIVO_SUSPENSAO;IND_FOTO;QTDE_CONVENIOS;QTD_TA;QTD_PRORROGA;VL_GLOBAL_CONV;VL_REPASSE_CONV;VL_CONTRAPARTIDA_CONV;VL_EMPENHADO_CONV;VL_DESEMBOLSADO_CONV;VL_SALDO_REMAN_TESOURO;VL_SALDO_REMAN_CONVENENTE;VL_RENDIMENTO_APLICACAO;VL_INGRESSO_CONTRAPARTIDA;VL_SALDO_CONTA;VALOR_GLOBAL_ORIGINAL_CONV',
};

/** Declared nowhere, on purpose: personal data that the work does not need. */
const leftOut = ['CPF_PF_SOLICITANTE_APOIADORES_EMENDAS', 'NOME_PF_SOLICITANTE_APOIADORES_EMENDAS'];

// No environment at all: a fresh clone.
const config = await loadConfig({ path: join(import.meta.dirname, '..', 'config.yaml'), env: {} });
const { datasets } = config.extraction;

test('it loads without any environment, with the embedded database and every channel off', () => {
  expect(config.database.url).toMatch(/^pglite:/);
  expect(config.inert).toEqual([]);
});

test('every channel and watcher can be switched on with the variables of .env.example', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'projetus-config-'));
  const example = await readFile(join(root, '.env.example'), 'utf8');
  const env = Object.fromEntries([...example.matchAll(/^#?([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name!, value || 'x']));
  const yaml = await readFile(join(root, 'config.yaml'), 'utf8');
  await writeFile(join(folder, 'config.yaml'), yaml.replaceAll('enabled: false', 'enabled: true'));
  const { alerting, monitoring } = await loadConfig({ path: join(folder, 'config.yaml'), env });
  expect(Object.entries(alerting.channels).filter(([, channel]) => channel === null)).toEqual([]);
  expect(alerting.channels.email).toMatchObject({ smtpPort: 587, to: ['ana@example.org', 'bento@example.org'] });
  expect(monitoring).toMatchObject({ pingUrl: env['HEALTHCHECKS_URL'], prometheus: { enabled: true } });
  await rm(folder, { recursive: true });
});

test('it declares the datasets whose headers are known, and no others', () => {
  expect(datasets.map((dataset) => dataset.name).toSorted()).toEqual(Object.keys(headers).toSorted());
});

describe.each(datasets)('$name', (dataset) => {
  const header = headers[dataset.name]!.split(';');
  const declared = dataset.columns.flatMap((column) => column.from);

  test('takes its columns from headers that exist, each from one', () => {
    for (const name of declared) expect(header).toContain(name);
    expect(new Set(declared).size).toBe(declared.length);
  });

  test('leaves no column of the file undeclared but the personal ones', () => {
    expect(header.filter((name) => !declared.includes(name))).toEqual(header.filter((name) => leftOut.includes(name)));
  });

  test('keeps ids, codes and numbers of documents as text', () => {
    const codes = dataset.columns.filter((column) =>
      /^(ID|NR|COD|CD|CNPJ|CEP|IDENTIF|NUMERO|UG|BENEFICIARIO)_/.test(column.from[0]!),
    );
    for (const column of codes) expect([column.name, typeName(column.type)]).toEqual([column.name, 'text']);
  });

  test('reads money as exact decimals and days as dates', () => {
    expect(kindsOf(dataset, /^(VL|VALOR)_/).difference(new Set(['decimal']))).toEqual(new Set());
    expect(kindsOf(dataset, /^(DT|DATA)_|^DIA_(?!PROP$)/).difference(new Set(['date']))).toEqual(new Set());
  });
});

/** The kinds of type of the columns whose header matches. */
function kindsOf(dataset: Dataset, header: RegExp): Set<string> {
  return new Set(dataset.columns.filter((column) => header.test(column.from[0]!)).map((column) => column.type.kind));
}

test.each([
  ['propostas', ['id']],
  ['programas', ['id_programa', 'modalidade', 'natureza_juridica', 'uf']],
  ['programa_proposta', ['id_programa', 'id_proposta']],
  ['emendas', 'content'],
  ['apoiadores', ['id']],
  ['convenios', ['nr_convenio']],
])('the key of %s is %j', (name, key) => {
  expect(datasets.find((dataset) => dataset.name === name)!.key).toEqual(key);
});

test.each([
  ['siconv_proposta.csv', 'propostas'],
  ['siconv_proposta.csv.zip', 'propostas'],
  ['siconv_proposta.zip', 'propostas'],
  ['SICONV_PROPOSTA.CSV', 'propostas'],
  ['2026-11-20_siconv_proposta.csv', 'propostas'],
  ['siconv_programa.csv.zip', 'programas'],
  ['siconv_programa_proposta.csv.zip', 'programa_proposta'],
  ['siconv_emenda.zip', 'emendas'],
  ['siconv_apoiadores_emendas_programas.zip', 'apoiadores'],
  ['apoiadores_emendas_programas.zip', 'apoiadores'],
  ['siconv_convenio.csv.zip', 'convenios'],
  ['siconv_proposta_cancelada.zip', null],
  ['siconv_programa_proponentes.zip', null],
  ['siconv_justificativas_proposta.zip', null],
  ['siconv_proponentes.zip', null],
  ['data_carga_siconv.csv.zip', null],
])('%s is taken by %s', (file, name) => {
  expect(claims(file, datasets).map((dataset) => dataset.name)).toEqual(name === null ? [] : [name]);
});

test('the addresses that it has in comments give files that their datasets take', async () => {
  const text = await readFile(join(root, 'config.yaml'), 'utf8');
  const folder = await mkdtemp(join(tmpdir(), 'projetus-shipped-'));
  await writeFile(join(folder, 'config.yaml'), text.replace(/^( +)# (url: |download:$|  sentinel_url: )/gm, '$1$2'));
  const { extraction } = await loadConfig({ path: join(folder, 'config.yaml'), env: {} });
  await rm(folder, { recursive: true });
  expect(extraction.download.sentinelUrl).toMatch(/^https:.*\/data_carga_siconv\.zip$/);
  for (const dataset of extraction.datasets) {
    expect(dataset.url).toMatch(/^https:/);
    const file = downloadName(dataset.url!)!;
    expect({ file, takers: claims(file, extraction.datasets) }).toEqual({ file, takers: [dataset] });
  }
});

test('every shipped sample is taken by one dataset, and every dataset has a sample', () => {
  const takers = [...filesOf(firstDay()).keys()].flatMap((file) => claims(file, datasets).map((dataset) => dataset.name));
  expect(takers.toSorted()).toEqual(Object.keys(headers).toSorted());
});
