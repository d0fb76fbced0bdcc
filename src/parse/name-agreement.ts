import { ProjetusError } from '../core/errors.ts';

/** What a file is: one reader each. */
export type FileKind = 'text' | 'zip' | 'gz' | 'xlsx' | 'workbook';

type Family = 'text' | 'archive' | 'workbook';

const families: Record<FileKind, Family> = {
  text: 'text',
  zip: 'archive',
  gz: 'archive',
  xlsx: 'workbook',
  workbook: 'workbook',
};

const extensions: Record<Family, readonly string[]> = {
  text: ['.csv', '.tsv', '.txt'],
  archive: ['.zip', '.gz'],
  workbook: ['.xlsx', '.xlsm', '.xls', '.xlsb', '.ods'],
};

const words: Record<FileKind, string> = {
  text: 'text (CSV)',
  zip: 'a zip archive',
  gz: 'a gzip archive',
  xlsx: 'an Excel workbook (.xlsx)',
  workbook: 'a workbook',
};

const renameTo: Record<FileKind, string> = {
  text: '.csv',
  zip: '.zip',
  gz: '.gz',
  xlsx: '.xlsx',
  workbook: '.xls, .xlsb or .ods',
};

/**
 * Within a family the content wins: an .xlsx named .xls is common and harmless. Between families a wrong name
 * means that somebody, or the site, sent something else than yesterday: a person should look, so it is refused as
 * source-disguised. An unknown extension says nothing.
 */
export function agreeWithName(kind: FileKind, name: string): void {
  const extension = /\.[^./\\]+$/.exec(name)?.[0].toLowerCase() ?? '';
  const named = (Object.keys(extensions) as Family[]).find((family) => extensions[family].includes(extension));
  if (named === undefined || named === families[kind]) return;
  const hint = `if this is the right file, rename it to end in ${renameTo[kind]}; else get it again from where it came`;
  throw new ProjetusError('source-disguised', `${name} is ${words[kind]}, not what its name says`, { file: name, hint });
}
