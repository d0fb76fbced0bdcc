import { describe, expect, it } from 'vitest';
import { createFormat } from '../../src/alert/format.ts';
import { portugueseDetail } from '../../src/alert/texts/pt-br-details.ts';
import { failedTrouble, insideTrouble, largeTrouble, refusedTrouble, slowTrouble } from '../../src/fetch/trouble.ts';
import { HttpFailure } from '../../src/net/http.ts';

const format = createFormat('pt-BR', 'America/Sao_Paulo');
const url = 'https://portal.example/siconv_proposta.zip?***';
const order = { shown: url, name: 'siconv_proposta.zip', url, key: url, datasets: [] };

// The words in which src/fetch tells of a download; test/fetch makes each of them happen.
describe('what went wrong with a download, in Portuguese', () => {
  it.each([
    ['an address without a file', refusedTrouble(order, { status: 404, headers: {} }), `${url} respondeu 404`],
    [
      'a server that asks to wait',
      refusedTrouble(order, { status: 503, headers: { 'retry-after': '30' } }),
      `${url} respondeu 503 e pede para esperar 30 s`,
    ],
    [
      'a certificate',
      failedTrouble(order, new HttpFailure('the certificate has expired', true, 'CERT_HAS_EXPIRED')),
      `o certificado de ${url} não é confiável (the certificate has expired)`,
    ],
    ['a reset', failedTrouble(order, new HttpFailure('ECONNRESET', false)), `${url} não pôde ser baixado (ECONNRESET)`],
    ['a private address', insideTrouble(order), `${url} leva a um endereço de dentro de uma rede privada`],
    ['a slow server', slowTrouble(order, 30), `${url} não chegou em 30 minutos`],
    ['a large file', largeTrouble(order, 4096 * 1024 * 1024), `${url} tem mais de 4.096 MB`],
  ])('%s', (_, { error }, expected) => {
    expect(portugueseDetail(error.message, format)).toBe(expected);
  });

  it('the file that moved while others were fetched', () => {
    const message = `${url} said "25/11/2026" before the downloads and "26/11/2026" after them.`;
    expect(portugueseDetail(message, format)).toBe(`${url} dizia "25/11/2026" antes dos downloads e "26/11/2026" depois`);
  });
});
