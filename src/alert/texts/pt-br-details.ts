import type { Format } from '../format.ts';

type Part = string | undefined;
type Sentence = (parts: readonly Part[], format: Format) => string;

/**
 * What an error says, in Portuguese: null for what is met too rarely to have a sentence of its own. Errors are written in
 * English where they are thrown; this knows those of the morning by their words, and test/alert/pt-br-details.test.ts
 * makes each of them happen, so that neither side can change alone.
 */
export function portugueseDetail(message: string, format: Format): string | null {
  for (const [pattern, sentence] of sentences) {
    const found = pattern.exec(message);
    if (found) return sentence(found.slice(1), format);
  }
  return null;
}

const kinds: Readonly<Record<string, string>> = {
  'a web page (HTML)': 'uma página da web (HTML)',
  'a spreadsheet saved as XML': 'uma planilha salva como XML',
};

const sentences: readonly (readonly [RegExp, Sentence])[] = [
  [/^No file matches the dataset (\S+)\.$/, ([name]) => `nenhum arquivo corresponde ao conjunto ${name}`],
  [
    /^(.+) has no folder (\d{4}-\d\d-\d\d)\.$/,
    ([folder, day], { day: shown }) => `${folder} não tem a pasta ${day} (${shown(day!)})`,
  ],
  [/^The folder of raw files (.+) cannot be read: /, ([folder]) => `a pasta ${folder} não existe ou não pode ser lida`],
  [/^(.+) has a header and no data rows\.$/, ([file]) => `${file} tem o cabeçalho e nenhuma linha de dados`],
  [/^(.+) (?:has 0 bytes|holds no text)$/, ([file]) => `${file} está vazio`],
  [
    /^(\S+) has (\d+) rows; at least (\d+) are expected\.$/,
    ([name, rows, least], { number }) =>
      `${name} tem ${number(Number(rows))} linhas; são esperadas pelo menos ${number(Number(least))}`,
  ],
  [
    /^The newest file of (\S+) is ([\d.]+) hours old; at most ([\d.]+) are expected\.$/,
    ([name, hours, most], { number }) =>
      `o arquivo mais novo de ${name} tem ${number(Number(hours))} horas; o limite é ${number(Number(most))}`,
  ],
  [
    /^(.+): the quote opened in line (\d+) is not closed at the end of the file$/,
    ([file, line], { number }) => `${file}: as aspas abertas na linha ${number(Number(line))} não se fecham até o fim do arquivo`,
  ],
  [/^(.+?): .+ ends too early$/, ([file]) => `${file} acaba antes do fim: o download foi cortado`],
  [
    /^(.+) (?:changed|became shorter) while it was read/,
    ([file]) => `${file} mudou enquanto era lido: alguém ainda o está gravando`,
  ],
  [/^(.+) is protected by a password$/, ([file]) => `${file} tem senha`],
  [
    /^(.+) is (.+), not a table: it starts with (.+)$/s,
    ([file, kind, start]) => `${file} é ${kinds[kind!] ?? kind}, não uma tabela: começa com ${start}`,
  ],
  [
    /^(.+): row (\d+), the likeliest header, lacks (.+) \(dataset \S+\)$/,
    ([file, row, names], { number }) => `${file}: a linha ${number(Number(row))}, que parece ser o cabeçalho, não tem ${names}`,
  ],
  [
    /^(.+), row (\d+): columns that \S+ does not declare: (.+)$/s,
    ([file, row, names], { number }) => `${file}, linha ${number(Number(row))}: colunas não declaradas: ${names}`,
  ],
  [
    /^\S+: (\d+) of (\d+) rows were rejected \(([\d.]+) %\); at most ([\d.]+) % may be\.(?: The first: (.+?) line (\d+)(?:, ([^:]+))?: .*)?$/s,
    ([rejected, read, percent, most, file, line, column], { number, percent: share }) => {
      const first = file ? `; a primeira: ${file}, linha ${number(Number(line))}${column ? `, coluna ${column}` : ''}` : '';
      return `${number(Number(rejected))} de ${number(Number(read))} linhas foram rejeitadas (${share(Number(percent))}); o limite é ${share(Number(most))}${first}`;
    },
  ],
  [
    /^(\S+): (\d{4}-\d\d-\d\d) is before (\d{4}-\d\d-\d\d), which is published already\.$/,
    ([name, asked, last], { day }) => `${name}: ${day(asked!)} é anterior a ${day(last!)}, que já foi publicado`,
  ],
  [
    /^(\S+) is being loaded by run (\S+) on (\S+), process (\d+), since (\S+)\.$/,
    ([name, run, host, pid, since], { moment }) =>
      `${name} está sendo carregado pela execução ${run} em ${host}, processo ${pid}, desde ${moment(since!)}`,
  ],
  [/^The table (\S+) exists and was not made by projetus/, ([name]) => `a tabela ${name} existe e não foi feita pelo projetus`],
  [
    /^The key of (\S+) is not the one that its table was made with\.$/,
    ([name]) => `a chave de ${name} não é a da tabela que existe`,
  ],
  [
    /^The table (\S+) holds other types than the configuration declares\.$/,
    ([name]) => `a tabela ${name} tem outros tipos que a configuração`,
  ],
  [
    /^Both (\S+) \("(.*)"\) and (\S+) \("(.*)"\) claim the file (.+)\.$/,
    ([a, own, b, other, file]) => `${a} ("${own}") e ${b} ("${other}") querem o arquivo ${file}`,
  ],
  [/^Database: connect ECONNREFUSED (.+)$/, ([address]) => `nada responde em ${address}`],
  [/^Database: getaddrinfo \S+ (.+)$/, ([host]) => `o servidor ${host} não foi encontrado na rede`],
  [/^Database: (?:Connection terminated|.*closed the connection|read ECONNRESET)/i, () => 'a conexão caiu'],
  [/^Database: password authentication failed for user "(.+)"$/, ([user]) => `a senha do usuário ${user} foi recusada`],
  [/^Database: database "(.+)" does not exist$/, ([name]) => `o banco ${name} não existe`],
  [/^Database: permission denied for \w+ (\S+)$/, ([name]) => `o usuário de DATABASE_URL não tem permissão para ${name}`],
  [/^Database: canceling statement due to lock timeout$/, () => 'outra sessão segura uma tabela'],
  [/^Database: canceling statement due to statement timeout$/, () => 'um comando passou do limite de tempo'],
  [
    /^(https?:\S+) answered (\d+)(?: and asks to wait (\d+) s| when the rest of it was asked for)?$/,
    ([url, status, wait]) => `${url} respondeu ${status}${wait === undefined ? '' : ` e pede para esperar ${wait} s`}`,
  ],
  [/^(https?:\S+) cannot be trusted: (.+)$/, ([url, why]) => `o certificado de ${url} não é confiável (${why})`],
  [/^(https?:\S+) could not be fetched: (.+)$/, ([url, why]) => `${url} não pôde ser baixado (${why})`],
  [
    /^(https?:\S+) redirects to an address inside of a private network$/,
    ([url]) => `${url} leva a um endereço de dentro de uma rede privada`,
  ],
  [/^(https?:\S+) did not come within (\d+) minutes$/, ([url, minutes]) => `${url} não chegou em ${minutes} minutos`],
  [/^(https?:\S+) has more than (\d+) MB$/, ([url, most], { number }) => `${url} tem mais de ${number(Number(most))} MB`],
  [
    /^(https?:\S+) has (\d+) bytes, and (\d+) came$/,
    ([url, size, came], { number }) => `${url} tem ${number(Number(size))} bytes, e vieram ${number(Number(came))}`,
  ],
  [
    /^(https?:\S+) said "(.*)" before the downloads and "(.*)" after them\.$/,
    ([url, before, after]) => `${url} dizia "${before}" antes dos downloads e "${after}" depois`,
  ],
  [/^(?:Interrupted|Terminated); nothing was published\.$/, () => ''],
  [/^The connection was lost during COMMIT/, () => 'a conexão caiu no COMMIT e o servidor não responde'],
];
