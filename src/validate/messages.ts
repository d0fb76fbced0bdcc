import type { RejectCode } from '../core/codes.ts';
import { typeName, type Column, type Keywords } from '../core/dataset.ts';
import type { RowError } from '../core/record.ts';

/** An error of one cell. Its message says what was expected and never repeats the cell, which may be personal data. */
export function cellError(code: RejectCode, column: Column, value: string | null): RowError {
  return { code, column: column.name, value, message: `${column.name}: ${expectation(code, column)}` };
}

/** An error of the row as a whole. */
export function rowError(code: RejectCode, message: string): RowError {
  return { code, column: null, value: null, message };
}

function expectation(code: RejectCode, { type, keywords }: Column): string {
  switch (code) {
    case 'type-error':
      return typeExpectations[type.kind];
    case 'value-required':
      return 'a value is required, and the cell is blank or holds an error';
    case 'out-of-range':
      return type.kind === 'decimal' || type.kind === 'integer'
        ? `the number does not fit ${typeName(type)}`
        : 'the year is not one of 0001 to 9999';
    case 'scale-exceeded':
      return `the number has more decimals than ${typeName(type)} holds`;
    case 'number-imprecise':
      return 'the workbook holds this as a number of more than 15 digits, and its last digits are lost: format the cells as text';
    case 'character-invalid':
      return 'the text holds U+0000 or half of a surrogate pair, which PostgreSQL refuses';
    default:
      return keywordExpectation(code, keywords);
  }
}

const typeExpectations: Readonly<Record<Column['type']['kind'], string>> = {
  text: 'the cell is no text',
  integer: 'expected a whole number',
  decimal: 'expected a number such as 1.234,56 or 1234.56',
  date: 'expected a date as dd/mm/yyyy or yyyy-mm-dd, without a time of day',
  timestamp: 'expected a date and time as dd/mm/yyyy hh:mm:ss or yyyy-mm-ddThh:mm:ss, without an offset',
  boolean: 'expected sim or não, true or false, 1 or 0',
};

function keywordExpectation(code: RejectCode, keywords: Keywords): string {
  switch (code) {
    case 'enum':
      return `the value is not one of ${(keywords.enum ?? []).map(String).join(', ')}`;
    case 'pattern':
      return `the text does not match the pattern ${keywords.pattern}`;
    case 'minimum':
      return `the number is below ${keywords.minimum}`;
    case 'maximum':
      return `the number is above ${keywords.maximum}`;
    case 'minLength':
      return `the text has fewer than ${keywords.minLength} characters`;
    case 'maxLength':
      return `the text has more than ${keywords.maxLength} characters`;
    case 'format':
      return `the text is not a valid ${keywords.format}`;
    default:
      return code;
  }
}
