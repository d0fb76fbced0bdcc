import { posix } from 'node:path';
import { ProjetusError } from '../../core/errors.ts';
import type { SourceFile } from '../inflate.ts';
import { findEntry, readWhole, type Zip, type ZipEntry } from '../zip.ts';
import { readElements } from './xml-elements.ts';
import type { XmlFail } from './xml-scanner.ts';

/** Workbook, styles and relationships are held whole. 64,000 styles, Excel's limit, take some 15 MB. */
const maxSmallPartBytes = 32 * 1024 * 1024;

export type Relationship = {
  readonly id: string;
  /** The last segment of its type: `worksheet`, `styles`; equal in strict and transitional workbooks. */
  readonly type: string;
  /** The name of the part that it leads to. */
  readonly part: string;
};

/** The relationships of a part, or of the package for the part name ''. Parts are found by these, never by name. */
export async function readRelationships(zip: Zip, source: string, file: SourceFile): Promise<readonly Relationship[]> {
  const folder = posix.dirname(source);
  const name = posix.join(folder, '_rels', `${posix.basename(source)}.rels`);
  const entry = findEntry(zip, name);
  if (entry === null) return [];
  const relationships: Relationship[] = [];
  const part = await readWhole(zip, entry, maxSmallPartBytes);
  const open = (element: string, attributes: ReadonlyMap<string, string>): void => {
    const target = attributes.get('Target');
    if (element !== 'Relationship' || target === undefined || attributes.get('TargetMode') === 'External') return;
    relationships.push({
      id: attributes.get('Id') ?? '',
      type: posix.basename(attributes.get('Type') ?? ''),
      part: resolveTarget(folder, target),
    });
  };
  readElements(part, { open }, partFail(file, name));
  return relationships;
}

/** A target is relative to the folder of its source, or absolute within the package. */
function resolveTarget(folder: string, target: string): string {
  const plain = decode(target.replaceAll('\\', '/'));
  return posix.join('/', plain.startsWith('/') ? plain : posix.join(folder, plain)).slice(1);
}

/** Part names are written as URIs: a blank as %20. */
function decode(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    // A % that escapes nothing stands for itself.
    return target;
  }
}

/** The entry of a part that another part says is there. */
export function requirePart(zip: Zip, part: string, file: SourceFile): ZipEntry {
  const entry = findEntry(zip, part);
  if (entry !== null) return entry;
  const hint = 'open the workbook and save it again';
  throw new ProjetusError('source-unreadable', `${file.name} has no part ${part || 'for the workbook'}`, {
    file: file.name,
    hint,
  });
}

export async function readSmallPart(zip: Zip, entry: ZipEntry): Promise<Buffer> {
  return readWhole(zip, entry, maxSmallPartBytes);
}

/** Makes the errors for a part of a workbook. */
export function partFail(file: SourceFile, part: string): XmlFail {
  const hint = 'open the workbook and save it again, or save the sheet as CSV';
  return (code, what) => new ProjetusError(code, `${file.name}: the part ${part} ${what}`, { file: file.name, hint });
}
