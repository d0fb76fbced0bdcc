import type { Digest, DigestItem } from '../../src/alert/channel.ts';

export const item: DigestItem = {
  severity: 'warning',
  code: 'volume-anomaly',
  dataset: 'obras',
  isResolved: false,
  title: 'obras: 45 % a menos que ontem',
  text: 'O arquivo tem 5.501 registros; ontem foram 10.002.\nA tolerância é de 10 %.',
  next: 'Confira o arquivo e aceite com --accept volume:obras',
};

/** As the day of somebody's database looks at seven in the morning. */
export const digest: Digest = {
  id: '20261122T121500-3f9a1c/telegram',
  thread: null,
  severity: 'critical',
  subject: 'projetus: a carga de 22/11/2026 foi retida',
  items: [
    {
      severity: 'critical',
      code: 'guard-vanish',
      dataset: 'obras',
      isResolved: false,
      title: 'obras: nada foi publicado',
      text: '4.501 de 10.002 registros sumiram do arquivo (45 %; o limite é 10 %).',
      next: 'projetus run --accept vanish:obras',
    },
    item,
    {
      severity: 'info',
      code: 'run-succeeded',
      dataset: null,
      isResolved: false,
      title: 'Carga feita',
      text: '10.002 lidos',
      next: null,
    },
    {
      severity: 'critical',
      code: 'database-unavailable',
      dataset: null,
      isResolved: true,
      title: 'Resolvido: o banco de dados respondeu de novo',
      text: 'Ficou fora de 22/11 09:15 a 22/11 10:02.',
      next: null,
    },
  ],
  footer: 'carga 20261122T121500-3f9a1c · projetus 0.1.0+abc1234 · 22/11/2026 09:16',
};
