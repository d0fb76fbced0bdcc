import { chmod, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { bundle } from './bundle.ts';

/** Makes dist anew: the program, and the files of an empty database for src/db/pglite-folder.ts. Types are left to tsc. */
const dist = fileURLToPath(new URL('../dist', import.meta.url));
await rm(dist, { recursive: true, force: true });
await bundle(dist);
await chmod(join(dist, 'bin/projetus.js'), 0o755);
const database = await PGlite.create();
const archive = await database.dumpDataDir('gzip');
await database.close();
await writeFile(join(dist, 'empty-database.tar.gz'), new Uint8Array(await archive.arrayBuffer()));
