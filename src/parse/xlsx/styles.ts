import { builtinDateStyle, dateStyleOf } from './date-format.ts';
import { readElements } from './xml-elements.ts';
import type { XmlFail } from './xml-scanner.ts';

/** Reads `styles.xml`: for each style that a cell can name, one of `dateStyle`. */
export function readDateStyles(part: Buffer, fail: XmlFail): Uint8Array {
  const custom = new Map<number, number>();
  const formatIds: number[] = [];
  let isInCellXfs = false;
  readElements(
    part,
    {
      open(element, attributes) {
        const id = Number(attributes.get('numFmtId') ?? 0);
        if (element === 'cellXfs') isInCellXfs = true;
        else if (element === 'numFmt') custom.set(id, dateStyleOf(attributes.get('formatCode') ?? ''));
        else if (element === 'xf' && isInCellXfs) formatIds.push(id);
      },
      close(element) {
        if (element === 'cellXfs') isInCellXfs = false;
      },
    },
    fail,
  );
  return Uint8Array.from(formatIds, (id) => custom.get(id) ?? builtinDateStyle(id));
}
