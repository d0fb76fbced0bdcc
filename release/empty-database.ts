import { writeFile } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';

/** Packs the files of an empty database into the build, for src/db/pglite-folder.ts. */
const database = await PGlite.create();
const archive = await database.dumpDataDir('gzip');
await database.close();
await writeFile(new URL('../dist/empty-database.tar.gz', import.meta.url), new Uint8Array(await archive.arrayBuffer()));
