import type { Sheet } from './choose-sheet.ts';
import type { Relationship } from './parts.ts';
import { readElements } from './xml-elements.ts';
import type { XmlFail } from './xml-scanner.ts';

export type Workbook = {
  /** The worksheets in the order of their tabs; charts and macro sheets are left out. */
  readonly sheets: readonly (Sheet & { readonly part: string })[];
  readonly is1904: boolean;
};

/** Reads `workbook.xml`: which sheets there are, and from when days are counted. */
export function readWorkbook(part: Buffer, relationships: readonly Relationship[], fail: XmlFail): Workbook {
  const worksheets = new Map(relationships.filter(({ type }) => type === 'worksheet').map(({ id, part }) => [id, part]));
  const sheets: (Sheet & { part: string })[] = [];
  let is1904 = false;
  const open = (element: string, attributes: ReadonlyMap<string, string>): void => {
    if (element === 'workbookPr') is1904 = /^(1|true|on)$/i.test(attributes.get('date1904') ?? '');
    const worksheet = element === 'sheet' ? worksheets.get(attributes.get(':id') ?? '') : undefined;
    if (worksheet === undefined) return;
    const isHidden = (attributes.get('state') ?? 'visible') !== 'visible';
    sheets.push({ name: attributes.get('name') ?? '', isHidden, part: worksheet });
  };
  readElements(part, { open }, fail);
  return { sheets, is1904 };
}
