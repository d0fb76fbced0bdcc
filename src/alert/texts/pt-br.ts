import type { OrphanCause } from '../../core/report.ts';
import type { VolumeFacts } from '../../guard/hold-facts.ts';
import type { Format } from '../format.ts';
import { portugueseErrors } from './pt-br-errors.ts';
import type { Texts } from './said.ts';

const causes: Readonly<Record<OrphanCause, string>> = {
  filtered: 'o registro foi filtrado',
  rejected: 'o registro foi rejeitado',
  vanished: 'o registro sumiu',
  unknown: 'ninguém o tem',
  unread: 'não está na tabela, e o outro arquivo não foi relido',
};

const weekdays: Readonly<Record<string, string>> = {
  Sunday: 'aos domingos',
  Monday: 'às segundas-feiras',
  Tuesday: 'às terças-feiras',
  Wednesday: 'às quartas-feiras',
  Thursday: 'às quintas-feiras',
  Friday: 'às sextas-feiras',
  Saturday: 'aos sábados',
};

/** A header that is wholly another one is told by its new columns. */
const mostRenamed = 6;

/** What people are told, in Portuguese. */
export const portuguese: Texts = {
  warnings: {
    'rows-rejected': {
      title: 'linhas rejeitadas',
      text: ({ rejected, read, fresh }, { number, plural }) =>
        `${number(rejected)} de ${plural(read, '# linha', '# linhas')} foram rejeitadas; ${plural(fresh, '# é nova', '# são novas')}`,
      next: 'veja-as com projetus quarantine list; corrija o arquivo, ou as linhas com projetus quarantine export e retry',
    },
    'rows-duplicate': {
      title: 'linhas repetidas',
      text: ({ duplicate, read }, { number, plural }) =>
        `${number(duplicate)} de ${plural(read, '# linha', '# linhas')} repetem a chave de outra`,
      next: 'se isso é normal neste arquivo, use distinct: true',
    },
    'rows-vanished': {
      title: 'registros sumiram',
      text: ({ vanished }, { plural }) =>
        plural(vanished, '# registro não está mais no arquivo', '# registros não estão mais no arquivo'),
      next: 'eles ficam na tabela com _vanished_at; veja se o arquivo está completo',
    },
    'error-cells': {
      title: 'erros de planilha',
      text: ({ cells, column, file }, { plural }) =>
        plural(cells, '# célula', '# células') + ` de ${column} em ${file} com erro de planilha, lidas como vazias`,
      next: 'corrija as fórmulas da planilha e carregue de novo',
    },
    'dates-absurd': {
      title: 'datas absurdas',
      text: ({ cells, column, file }, { plural }) =>
        plural(cells, '# data', '# datas') + ` de ${column} em ${file} antes de 1900 ou depois de 2100; mantidas como estão`,
      next: 'avise quem cuida dos dados; a carga está certa',
    },
    'control-total-mismatch': {
      title: 'a linha de total não confere',
      text: ({ file, column, said, computed }, { decimal }) =>
        `a linha de total de ${file} diz ${decimal(said)} em ${column}, e a soma das linhas é ${decimal(computed)}`,
      next: 'compare o arquivo com a origem: podem faltar linhas',
    },
    'orphans-found': {
      title: 'linhas sem correspondente',
      text: ({ orphans, column, references, causes: counted }, { number, plural }) => {
        const parts = Object.entries(counted)
          .filter(([, count]) => count > 0)
          .map(([cause, count]) => `${number(count)}: ${causes[cause as OrphanCause]}`);
        const rows = plural(orphans, '# linha tem', '# linhas têm');
        return `${rows} um ${column} que ${references} não conhece${parts.length > 0 ? ` (${parts.join('; ')})` : ''}`;
      },
      next: 'projetus dry-run mostra quais; veja se o outro arquivo está completo',
    },
    'volume-anomaly': {
      title: 'quantidade incomum de registros',
      text: volume,
      next: 'veja se o arquivo está completo; volume_tolerance_percent define o limite',
    },
    'hold-accepted': {
      title: 'liberado à mão',
      text: ({ guard, by }) => `a retenção por ${guard} foi liberada por ${by} (--accept ${guard})`,
      next: null,
    },
    'source-late': {
      title: 'os arquivos de hoje não chegaram',
      text: ({ newest, day }, format) =>
        `a pasta mais nova é ${newest}; a de ${format.day(day)} não veio, e foram lidos os arquivos antigos`,
      next: 'verifique o download e execute de novo',
    },
    'source-stale': {
      title: 'arquivos antigos',
      text: ({ since }, { day }) => `os arquivos são os mesmos que foram publicados em ${day(since)}`,
      next: 'verifique o download: talvez tenha trazido os arquivos de ontem',
    },
    'source-missing-optional': {
      title: 'sem arquivo',
      text: () => 'nenhum arquivo corresponde; ele não é obrigatório',
      next: 'nada, a não ser que você esperasse um',
    },
    'source-repeated': {
      title: 'arquivo repetido',
      text: ({ file }) => `${file} tem o mesmo conteúdo de outro arquivo e não foi lido de novo`,
      next: 'remova um dos dois',
    },
    'file-unexpected': {
      title: 'arquivo desconhecido',
      text: ({ file }) => `${file} não corresponde a nenhum conjunto de dados e não foi lido`,
      next: 'remova-o, ou ponha o nome dele no "match" de um conjunto',
    },
    'run-aborted': {
      title: 'uma execução anterior morreu',
      text: ({ run, host, at }, { moment }) =>
        `a execução ${run}, iniciada em ${host} em ${moment(at)}, nunca terminou; nada dela foi publicado`,
      next: 'veja o log daquela máquina: memória, reinício, limite de tempo',
    },
    'run-missed': {
      title: 'execuções que não começaram',
      text: ({ moments }, { moment, list }) => `não há registro de execução para ${list(moments.map(moment))}`,
      next: 'veja se o cron está ativo e o que ele escreveu',
    },
    'column-missing': {
      title: 'coluna ausente',
      text: ({ column, file }) => `${file} não tem a coluna de ${column}; ela fica vazia`,
      next: 'se ela mudou de nome, acrescente o novo nome em "from"',
    },
    'column-renamed': {
      title: 'coluna renomeada',
      text: ({ header, column, file }) =>
        `a coluna ${header} de ${file} passou a se chamar ${column}: nomes que começam com _ são nossos`,
      next: null,
    },
    'column-emptied': {
      title: 'coluna esvaziada',
      text: ({ column, before, now }, { percent }) =>
        `${column} está preenchida em ${percent(now)} dos registros, e estava em ${percent(before)}`,
      next: 'compare o arquivo com o de ontem',
    },
    'header-drift': {
      title: 'outras colunas',
      text: ({ added, lost, renamed }, { list }) =>
        [
          ...(added.length > 0 ? [`novas: ${list(added)}`] : []),
          ...(lost.length > 0 ? [`perdidas: ${list(lost)}`] : []),
          ...renamed.map(({ from, to }) => `${list([from])} parece chamar-se agora ${list([to])}`).slice(0, mostRenamed),
        ].join('; '),
      next: 'compare o cabeçalho com as colunas da configuração',
    },
    'text-damaged': {
      title: 'texto corrompido',
      text: ({ file, ...damage }, format) => `${file} tem ${damaged(damage, format)}`,
      next: 'baixe de novo; format.encoding diz como ler o arquivo',
    },
    'reconcile-mismatch': {
      title: 'a tabela difere dos arquivos',
      text: ({ level, missing, extra, different, summary }, { number, plural }) =>
        missing + extra + different > 0
          ? `duas conferências seguidas (${level}) acharam ${plural(missing, '# registro', '# registros')} faltando, ${number(extra)} a mais e ${plural(different, '# diferente', '# diferentes')}`
          : `duas conferências seguidas (${level}) acharam uma diferença: ${summary}`,
      next: 'projetus reconcile --level content mostra quais; depois projetus run --force carrega de novo, ou desfaça a mudança',
    },
  },
  holds: {
    volume: { title: 'retido: quantidade incomum de registros', text: volume, next: 'veja se o arquivo está completo' },
    vanish: {
      title: 'retido: sumiram registros demais',
      text: ({ vanished, live, limit }, { number, percent }) =>
        `${number(vanished)} de ${number(live)} registros não estão mais no arquivo (${percent((100 * vanished) / live)}); o limite é ${percent(limit)}`,
      next: 'veja se o arquivo está completo',
    },
    columns: {
      title: 'retido: valores das colunas',
      text: ({ blank, moved, zeroed }, { number, percent }) =>
        [
          ...blank.map(
            ({ column, before, now }) =>
              `${column} está preenchida em ${percent(now)} dos registros, e estava em ${percent(before)}`,
          ),
          ...zeroed.map(({ column, before, now }) => `${column} é 0 em ${percent(now)} dos valores, e era em ${percent(before)}`),
          ...moved.map(({ column, before, now }) => `a média de ${column} foi de ${number(before)} para ${number(now)}`),
        ].join('; '),
      next: 'compare o arquivo com o de ontem (separador decimal? coluna trocada?)',
    },
    encoding: {
      title: 'retido: texto corrompido',
      text: ({ files, percent: share, ...damage }, format) =>
        `${format.percent(share)} das células com texto corrompido em ${format.list(files)}: ${damaged(damage, format)}`,
      next: 'baixe o arquivo de novo; format.encoding diz como lê-lo',
    },
    relations: {
      title: 'retido: nenhuma linha encontra seu par',
      text: ({ relations }, { number }) =>
        relations
          .map(
            ({ column, references, before, orphans }) =>
              `nenhuma de ${number(orphans)} linhas encontra seu ${column} em ${references}; na execução anterior, ${number(before)} encontraram`,
          )
          .join('; '),
      next: 'olhe os dois arquivos: um deles pode ser de outro dia ou ter mudado de formato',
    },
    stale: {
      title: 'retido: arquivos antigos',
      text: ({ since }, { day }) => `os arquivos são os mesmos que foram publicados em ${day(since)}, e deveriam mudar todo dia`,
      next: 'verifique o download',
    },
    filter: {
      title: 'retido: o filtro não deixa passar nada',
      text: ({ read }, { number }) => `"where" não deixou passar nenhuma das ${number(read)} linhas`,
      next: 'compare os valores do filtro com os do arquivo',
    },
  },
  errors: portugueseErrors,
  frame: {
    resolved: 'resolvido',
    resolvedText: (since) => `estava aberto desde ${since}`,
    counted: (critical, warnings, infos, resolved) =>
      [
        ...(critical > 0 ? [`${critical} ${critical === 1 ? 'crítico' : 'críticos'}`] : []),
        ...(warnings > 0 ? [`${warnings} ${warnings === 1 ? 'aviso' : 'avisos'}`] : []),
        ...(infos > 0 ? [`${infos} ${infos === 1 ? 'informação' : 'informações'}`] : []),
        ...(resolved > 0 ? [`${resolved} ${resolved === 1 ? 'resolvido' : 'resolvidos'}`] : []),
      ].join(', '),
    severity: { critical: 'CRÍTICO', warning: 'AVISO', info: 'INFORMAÇÃO' },
    footer: ({ run, day, version, at }) =>
      [...(run ? [`execução ${run}`] : []), ...(day ? [`data ${day}`] : []), `projetus ${version}`, at].join(' · '),
    done: {
      title: 'concluído',
      text: (datasets, seconds, { number }) => {
        const parts = datasets.map(({ name, read, changes, isUnchanged }) =>
          isUnchanged ? `${name}: sem mudança` : `${name}: ${number(read)} linhas lidas, ${number(changes)} mudanças`,
        );
        return `${parts.join('; ')} (${number(seconds)} s)`;
      },
    },
    test: { title: 'um teste', text: 'Este é um teste do projetus: os alertas chegam aqui.' },
    repeated: (since) => `desde ${since}`,
    release: (command) => `se estiver certo: ${command}`,
  },
};

function damaged({ replaced, double_encoded }: { replaced: number; double_encoded: number }, { plural }: Format): string {
  const twice = plural(double_encoded, '# trecho codificado duas vezes', '# trechos codificados duas vezes');
  return `${plural(replaced, '# caractere perdido', '# caracteres perdidos')} (�) e ${twice} (Ã§)`;
}

function volume({ current, previous, percent, tolerance, baseline }: VolumeFacts, format: Format): string {
  const { number } = format;
  const change = percent === null ? '' : ` (${percent > 0 ? '+' : ''}${format.percent(percent)})`;
  const before = `${number(current)} registros; na execução anterior eram ${number(previous ?? 0)}${change}`;
  if (!baseline) return `${before}; o limite é ${format.percent(tolerance)}`;
  const { weekday, median, low, high, runs } = baseline;
  return `${before}; ${weekdays[weekday]} o normal é ${number(median)}, de ${number(low)} a ${number(high)} (${runs} execuções)`;
}
