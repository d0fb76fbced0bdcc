import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { noticesFile, noticesText, productionNotices } from './notices.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
await writeFile(new URL(`../${noticesFile}`, import.meta.url), noticesText(await productionNotices(root)));
