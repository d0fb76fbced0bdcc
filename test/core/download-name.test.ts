import { expect, it } from 'vitest';
import { downloadName } from '../../src/core/download-name.ts';

it.each([
  ['https://host/a/siconv_obra.zip', 'siconv_obra.zip'],
  ['https://host/a/siconv_obra.csv.zip?sv=1&sig=x', 'siconv_obra.csv.zip'],
  ['https://host/a/Relat%C3%B3rio%20(1).XLSX', 'Relatório (1).XLSX'],
  ['https://host/download?id=5#obra.csv', 'obra.csv'],
  ['https://host/a.zip#obra.csv', 'obra.csv'],
  ['https://host/download?file=obra.csv', null],
  ['https://host/', null],
  ['https://host/obra.exe', null],
  ['https://host/.zip', null],
  ['https://host/..%2Fobra.csv', null],
  ['https://host/x#../obra.csv', null],
  ['https://host/x#..%5Cobra.csv', null],
  ['https://host/x#.obra.csv', null],
  ['https://host/%00obra.csv', null],
  ['https://host/%E0%A4%A.csv', null],
  [`https://host/${'a'.repeat(200)}.csv`, null],
  ['not an address', null],
])('the file of %s is %s', (url, name) => {
  expect(downloadName(url)).toBe(name);
});
