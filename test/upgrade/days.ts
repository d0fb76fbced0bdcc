/** The days of the fixture: three datasets, with all that can happen to a record. Every name and number is invented. */
export type Day = { readonly date: string; readonly files: Readonly<Record<string, string>> };

export const config = `
database: { url: "\${DATABASE_URL}" }
alerting: { webhook: { enabled: "\${WEBHOOK:-false}", url: "\${WEBHOOK_URL:-http://127.0.0.1:1}" } }
reconciliation: { volume_floor_rows: 0, volume_tolerance_percent: 50 }
extraction:
  files:
    - name: obras
      entity: obra
      key: [id]
      max_rejected_percent: 60
      max_vanished_percent: 30
      columns:
        id: {}
        nome: {}
        valor: { type: "decimal(18,2)" }
        inicio: { type: date }
    - name: medicoes
      entity: medicao
      key: [obra, numero]
      on_vanish: delete
      max_vanished_percent: 100
      columns: { obra: {}, numero: { type: integer }, pago: { type: boolean } }
      relations: [{ column: obra, references: obras.id, on_orphan: warn }]
    - name: avisos
      entity: aviso
      key: content
      max_vanished_percent: 100
      columns: { texto: {} }
`;

const obras = (...lines: string[]) => ['id;nome;valor;inicio', ...lines, ''].join('\n');
const medicoes = (...lines: string[]) => ['obra;numero;pago', ...lines, ''].join('\n');
const avisos = (...lines: string[]) => ['texto', ...lines, ''].join('\n');

/** Refused as long as nobody corrects them: 5 is corrected by a retry, 6 discarded, 9 left open. */
const refused = ['5;Posto;cinco;01/04/2026', '6;Quadra;60,00;31/02/2026'];

const second: Day['files'] = {
  // 2 is changed, 4 vanishes, 8 is new.
  'obras.csv': obras(
    '1;Ponte;1.000,50;05/01/2026',
    '2;Escola;2.500,00;10/02/2026',
    '3;Praça;300,00;',
    ...refused,
    '7;Muro;-;02/05/2026',
    '8;"Rua ""A""; trecho 1";0,01;',
  ),
  'medicoes.csv': medicoes('1;1;sim', '1;2;sim', '2;1;'),
  'avisos.csv': avisos('obra parada', 'obra parada', 'sem água'),
};

const fourth: Day['files'] = {
  // 1 and 3 are changed, 4 comes back, 9 is refused.
  'obras.csv': obras(
    '1;Ponte nova;1.000,50;05/01/2026',
    '2;Escola;2.500,00;10/02/2026',
    '3;Praça;333,00;',
    '4;Creche;40,10;01/03/2026',
    ...refused,
    '7;Muro;-;02/05/2026',
    '8;"Rua ""A""; trecho 1";0,01;',
    '9;Galpão;nove;',
  ),
  'medicoes.csv': medicoes('1;1;sim', '1;2;sim', '2;1;sim', '77;1;não'),
  'avisos.csv': avisos('obra parada'),
};

/** What the database has seen. The third day has the files of the second; the fifth is undone, the sixth held. */
export const pastDays = {
  first: {
    date: '2026-11-02',
    files: {
      'obras.csv': obras(
        '1;Ponte;1.000,50;05/01/2026',
        '2;Escola;2.000,00;10/02/2026',
        '3;Praça;300,00;',
        '4;Creche;40,10;01/03/2026',
        ...refused,
        '7;Muro;-;02/05/2026',
      ),
      'medicoes.csv': medicoes('1;1;sim', '1;2;não', '2;1;'),
      'avisos.csv': avisos('obra parada', 'obra parada', 'falta luz'),
    },
  },
  second: { date: '2026-11-03', files: second },
  third: { date: '2026-11-04', files: second },
  fourth: { date: '2026-11-05', files: fourth },
  undone: {
    date: '2026-11-06',
    files: { ...fourth, 'obras.csv': fourth['obras.csv']!.replace('Ponte nova', 'Ponte errada').concat('10;Errada;1;\n') },
  },
  held: { date: '2026-11-07', files: { ...fourth, 'obras.csv': obras('1;Ponte nova;1.000,50;05/01/2026') } },
  last: { date: '2026-11-08', files: { ...fourth, 'obras.csv': fourth['obras.csv']!.replace('2.500,00', '2.600,00') } },
} as const satisfies Record<string, Day>;

/** The day after the upgrade: 8 is changed, 7 vanishes, 11 is new; 9 is still refused. */
export const nextDay: Day = {
  date: '2026-11-09',
  files: {
    ...pastDays.last.files,
    'obras.csv': pastDays.last.files['obras.csv']
      .replace('0,01', '0,02')
      .replace('7;Muro;-;02/05/2026\n', '')
      .concat('11;Trilha;11,00;\n'),
  },
};

/** What stands in the dump for the folder of the project. */
export const fixtureFolder = '/projetus-fixture';
