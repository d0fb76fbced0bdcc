import { describe, expect, it, test } from 'vitest';
import { codesOf, columnOf, datasetOf, validate } from '../harness.ts';

const dataset = datasetOf([columnOf('id'), columnOf('name'), columnOf('value', 'decimal(18,2)'), columnOf('day', 'date')]);
const header = ['id', 'name', 'value', 'day'];

describe('the error of a spreadsheet', () => {
  const texts = [
    '#N/D',
    '#N/A',
    '#VALOR!',
    '#VALUE!',
    '#REF!',
    '#NOME?',
    '#NAME?',
    '#DIV/0!',
    '#NUM!',
    '#NÚM!',
    '#NULO!',
    '#NULL!',
    ' #N/D ',
  ];
  test.each(texts)('is NULL in every type and is counted: %s', (text) => {
    const outcome = validate(dataset, header, [['1', text, text, text]]);
    expect(outcome.records).toEqual([{ day: null, id: '1', name: null, value: null }]);
    expect(outcome.totals.errorCells).toEqual({ name: 1, value: 1, day: 1 });
  });

  it('is known by the kind of a workbook cell too', () => {
    const outcome = validate(dataset, header, [['1', { kind: 'error', bytes: '#SPILL!' }, '1', '']]);
    expect(outcome.records[0]!['name']).toBeNull();
    expect(outcome.totals.errorCells).toEqual({ name: 1 });
  });

  test.each(['#1', '# N/D', '#N/D!', '#', '#n/d e mais'])('is not any text with a hash: %s', (text) => {
    const outcome = validate(dataset, header, [['1', text, '', '']]);
    expect(outcome.records[0]!['name']).toBe(text);
    expect(outcome.totals.errorCells).toEqual({});
  });

  it('is a reject in required_values', () => {
    const outcome = validate({ ...dataset, requiredValues: ['id', 'name'] }, header, [['1', '#N/D', '1', '']]);
    expect(codesOf(outcome)).toEqual([['value-required:name']]);
    expect(outcome.rejects[0]!.errors[0]!.value).toBe('#N/D');
    expect(outcome.totals.errorCells).toEqual({ name: 1 });
  });

  it('makes a key blank', () => {
    const outcome = validate(dataset, header, [
      ['1', 'a', '', ''],
      ['#REF!', 'b', '', ''],
      ['2', 'c', '', ''],
    ]);
    expect(codesOf(outcome)).toEqual([['key-missing:id']]);
  });
});
