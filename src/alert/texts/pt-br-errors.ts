import type { ErrorCode } from '../../core/codes.ts';
import type { ErrorFacts } from '../facts.ts';
import type { Format } from '../format.ts';
import { portugueseDetail } from './pt-br-details.ts';
import type { Said } from './said.ts';

/** An error in Portuguese: what it is, what became of the run, and what to do. */
export function portugueseErrors(code: ErrorCode, { message, hint, file, line }: ErrorFacts, format: Format): Said {
  const [title, next] = portugueseErrorTexts[code];
  const fate = code === 'commit-unknown' ? 'não se sabe se a carga foi publicada' : 'nada foi publicado';
  const statements = code === 'ddl-refused' ? /: ((?:ALTER|DROP) .*)$/s.exec(hint ?? '')?.[1] : undefined;
  const told = { title, next: statements === undefined ? next : `${next}: ${statements}` };
  const detail = portugueseDetail(message, format);
  if (detail !== null) return { ...told, text: detail === '' ? fate : `${detail}; ${fate}` };
  const place =
    file === null || message.includes(file) ? '' : `${file}${line === null ? '' : `, linha ${format.number(line)}`}: `;
  return { ...told, text: `${fate}. Detalhe, em inglês: ${place}${message}` };
}

const download = 'baixe o arquivo de novo e execute outra vez; os dados de ontem continuam como estão';
const configuration = 'corrija a configuração (config.yaml) e execute outra vez';
const guarded = 'confira o arquivo; se estiver certo, execute com --accept';
const bug = 'é um defeito do projetus: por favor, informe-o com a saída de --verbose';

/** What each error is, and what to do. README.pt-BR.md prints it. */
export const portugueseErrorTexts: Readonly<Record<ErrorCode, readonly [title: string, next: string]>> = {
  usage: ['o comando tem um argumento errado', 'veja projetus --help e corrija o comando'],
  'config-not-found': ['a configuração não foi encontrada', configuration],
  'config-syntax': ['a configuração não é YAML válido', configuration],
  'config-invalid': ['a configuração tem um valor errado', configuration],
  'config-variable-missing': ['faltam variáveis de ambiente', 'defina as variáveis no serviço ou no arquivo .env'],
  'file-ambiguous': ['dois conjuntos de dados querem o mesmo arquivo', configuration],
  'date-before-published': ['a data pedida é anterior à última publicada', 'use --force só se quiser mesmo voltar no tempo'],
  'ddl-refused': ['a tabela difere da configuração', 'uma pessoa precisa decidir e executar no banco'],
  declined: ['a pergunta foi respondida com não', 'nada: foi uma decisão'],
  'credentials-wrong': ['o banco recusou usuário, senha ou nome', 'confira DATABASE_URL'],
  'database-tls': ['a conexão segura (TLS) com o banco não é aceitável', 'confira sslmode e sslrootcert em DATABASE_URL'],
  'database-too-old': ['o servidor é anterior ao PostgreSQL 15', 'atualize o servidor'],
  'migrations-pending': ['as tabelas são de uma versão anterior', 'execute projetus run: ele aplica o que falta'],
  'permission-missing': ['falta uma permissão no banco', 'dê a permissão ao usuário de DATABASE_URL, ou use o dono do esquema'],
  'source-missing': ['arquivo ausente', 'ponha o arquivo na pasta do dia, ou confira o download, e execute outra vez'],
  'source-empty': ['arquivo sem linhas', download],
  'source-truncated': ['arquivo cortado', download],
  'source-changed': ['o arquivo mudou durante a leitura', 'espere o download terminar e execute outra vez'],
  'source-unreadable': ['arquivo ilegível', download],
  'source-encrypted': ['arquivo protegido por senha', 'salve-o sem senha e execute outra vez'],
  'source-disguised': ['o conteúdo não é o que o nome diz', download],
  'source-bomb': ['o arquivo descompactado passa dos limites', 'não o abra; confira de onde ele veio'],
  'source-unsafe': ['o arquivo contém o que um arquivo de dados não precisa', 'não o abra; confira de onde ele veio'],
  'source-rows-few': ['linhas de menos', download],
  'source-too-old': ['arquivo velho demais', 'confira o download; expect.max_age_hours define o limite'],
  'download-missing': [
    'o servidor não tem um arquivo',
    'abra o site no navegador; se o arquivo mudou de lugar, corrija "url" na configuração',
  ],
  'download-refused': [
    'o servidor recusou um arquivo',
    'abra o endereço no navegador e veja o que ele diz; corrija "url", ou o usuário e a senha dele',
  ],
  'download-untrusted': [
    'o certificado do servidor não é confiável',
    'informe o certificado do seu proxy em NODE_EXTRA_CA_CERTS; nunca desligue a verificação',
  ],
  'download-misled': [
    'o endereço leva aonde não deve',
    'abra-o no navegador; se ele leva ao arquivo certo, ponha em "url" o endereço final',
  ],
  'download-too-large': ['download grande demais', 'veja o que está publicado; extraction.download.max_mb define o limite'],
  'download-mixed': [
    'os arquivos foram trocados durante o download',
    'execute outra vez quando a publicação terminar; os dados de ontem continuam como estão',
  ],
  'sheet-missing': ['a planilha não tem a aba configurada', 'confira format.sheet na configuração'],
  'member-uncertain': ['não se sabe qual arquivo do .zip ler', 'diga qual em format.member'],
  'dialect-uncertain': ['não se sabe qual é o separador', 'diga qual em format.delimiter'],
  'header-missing': ['falta uma coluna obrigatória', 'se ela mudou de nome, acrescente o novo nome em "from"'],
  'header-ambiguous': ['duas colunas respondem pelo mesmo nome', configuration],
  'column-unknown': ['há uma coluna que a configuração não conhece', configuration],
  'rejects-over-budget': [
    'linhas rejeitadas demais',
    'veja-as com projetus quarantine list; corrija o arquivo ou a configuração',
  ],
  'guard-vanish': ['retido: sumiram registros demais', guarded],
  'guard-volume': ['retido: quantidade incomum de registros', guarded],
  'guard-columns': ['retido: valores das colunas', guarded],
  'guard-encoding': ['retido: texto corrompido', guarded],
  'guard-relations': ['retido: nenhuma linha encontra seu par', guarded],
  'guard-filter': ['retido: o filtro não deixa passar nada', guarded],
  'guard-stale': ['retido: arquivos antigos', guarded],
  locked: ['outra execução está em andamento', 'espere que ela termine; se não terminar, veja projetus runs list'],
  'database-unavailable': ['o banco de dados não responde', 'confira o servidor e a rede; a próxima execução tenta de novo'],
  'commit-unknown': ['a conexão caiu durante o COMMIT', 'execute outra vez: ela descobre o que houve e não repete nada'],
  'database-timeout': ['o banco de dados demorou demais', 'veja o que o ocupa; a próxima execução tenta de novo'],
  'download-failed': [
    'um arquivo não pôde ser baixado',
    'a próxima execução tenta de novo, de onde esta parou; confira a rede e o proxy',
  ],
  'run-timeout': [
    'a execução passou do tempo dado a ela',
    'veja o que a segurou (projetus doctor) ou aumente --timeout; a próxima tenta de novo',
  ],
  'disk-full': ['disco cheio', 'libere espaço e execute outra vez'],
  interrupted: ['a execução foi interrompida', 'execute outra vez'],
  terminated: ['a execução foi encerrada de fora', 'veja quem a encerrou (limite de tempo? reinício?) e execute outra vez'],
  unbalanced: ['as contagens não fecham', bug],
  unexpected: ['erro inesperado', bug],
};
