import { ProjetusError } from '../core/errors.ts';

/**
 * The longest free text of the published files is 5,000 characters and a cell of Excel holds 32,767: what is
 * longer than these is a stray quote that swallows the file, and must end before it swallows the memory.
 */
export const csvLimits = { cellBytes: 1 << 20, recordBytes: 4 << 20, cells: 16_384 } as const;

/** Where a scan is: the line of the record's start, and of a quote that is open. */
type Place = { readonly file: string; readonly line: number; readonly openQuoteLine: number | null };

const strayQuoteHint = 'look for a quote that is opened in or before this line and never closed, and ask for the file again';

export function quoteNotClosed({ file, openQuoteLine }: Place): ProjetusError {
  const line = openQuoteLine ?? 1;
  return new ProjetusError('source-truncated', `${file}: the quote opened in line ${line} is not closed at the end of the file`, {
    file,
    line,
    hint: 'the download may have been cut: get the file again, or correct the quote in that line',
  });
}

export function recordTooLong({ file, line, openQuoteLine }: Place): ProjetusError {
  const quote = openQuoteLine === null ? '' : `; a quote opened in line ${openQuoteLine} is still open`;
  const message = `${file}: the record that starts in line ${line} is longer than ${csvLimits.recordBytes >> 20} MiB${quote}`;
  return new ProjetusError('source-unreadable', message, { file, line: openQuoteLine ?? line, hint: strayQuoteHint });
}

export function cellTooLong({ file, line }: Place, column: number): ProjetusError {
  const message = `${file}: cell ${column} of the record that starts in line ${line} is longer than ${csvLimits.cellBytes >> 20} MiB`;
  return new ProjetusError('source-unreadable', message, { file, line, column, hint: strayQuoteHint });
}

export function tooManyCells({ file, line }: Place): ProjetusError {
  const message = `${file}: the record that starts in line ${line} has more than ${csvLimits.cells} cells`;
  const hint = 'check the delimiter: format: { delimiter: ";" } in the configuration sets it';
  return new ProjetusError('source-unreadable', message, { file, line, hint });
}

export function lineEndsChange({ file, line }: Place): ProjetusError {
  const message = `${file}: the lines end in CR alone up to line ${line - 1} and in CRLF from there on`;
  return new ProjetusError('source-unreadable', message, { file, line, hint: 'save the file again with one kind of line end' });
}
