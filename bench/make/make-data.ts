import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { wholeMark } from './bench-data.ts';
import { kinds, type DataKind } from './kinds.ts';

const [kind, rows, folder] = process.argv.slice(2);
if (kind === undefined || !Object.hasOwn(kinds, kind) || !(Number(rows) > 0) || folder === undefined) {
  throw new Error(`usage: make-data.ts ${Object.keys(kinds).join('|')} ROWS FOLDER`);
}
await kinds[kind as DataKind](folder, Number(rows));
// Written last: data that was interrupted in the making is made again.
await writeFile(join(folder, wholeMark), '');
