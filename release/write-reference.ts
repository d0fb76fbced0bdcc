import { writeFile } from 'node:fs/promises';
import { configSchema } from '../src/config/schema.ts';
import { referenceFile, referenceText } from './reference.ts';

await writeFile(new URL(`../${referenceFile}`, import.meta.url), await referenceText(configSchema));
