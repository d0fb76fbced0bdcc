import { ProjetusError } from '../core/errors.ts';
import type { SourceFile } from './inflate.ts';
import { scanXml, type XmlFail, type XmlHandler } from './xlsx/xml-scanner.ts';

/** 65,536 rows of 60 columns; `xlsx` makes an object of each, some 100 bytes. */
const maxCells = 4_000_000;

/**
 * Counts the cells that an .ods sheet makes when its repetitions are written out: one tag can stand for
 * 1,048,576 x 16,384 cells, and `xlsx` makes them all. Throws `source-bomb` beyond the limit, and `source-unsafe`
 * for a DOCTYPE.
 */
export async function checkOdsSize(file: SourceFile, content: AsyncIterable<Buffer>): Promise<void> {
  const fail: XmlFail = (code, what) =>
    new ProjetusError(code, `${file.name}: the part content.xml ${what}`, { file: file.name });
  const scanner = scanXml(countingHandler(fail), fail);
  for await (const chunk of content) {
    scanner.push(chunk);
    scanner.step();
  }
  scanner.finish();
}

function countingHandler(fail: XmlFail): XmlHandler {
  let rowRepeat = 1;
  let cells = 0;
  return {
    wantsText: false,
    open(bytes, nameStart, nameEnd, tagEnd) {
      const length = nameEnd - nameStart;
      if (length !== 9 && length !== 10) return;
      const name = bytes.toString('latin1', nameStart, nameEnd);
      if (name !== 'table-row' && name !== 'table-cell') return;
      const attributes = bytes.toString('latin1', nameEnd, tagEnd);
      if (name === 'table-row') rowRepeat = repeatOf(attributes, /number-rows-repeated\s*=\s*["']\s*(\d+)/);
      // Blank cells are repeated to the edge of the sheet in every file, and cost nothing.
      else if (attributes.includes('value'))
        cells += rowRepeat * repeatOf(attributes, /number-columns-repeated\s*=\s*["']\s*(\d+)/);
      if (cells > maxCells)
        throw fail('source-bomb', `repeats its cells to more than ${maxCells}; save the sheet as .xlsx or CSV`);
    },
    close: () => false,
    text: () => {},
  };
}

function repeatOf(attributes: string, pattern: RegExp): number {
  return Number(pattern.exec(attributes)?.[1] ?? 1);
}
