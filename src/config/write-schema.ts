import { writeFileSync } from 'node:fs';
import { schemaFileText } from './schema-file.ts';

// Run as a script, `node src/config/write-schema.ts`, after every change of the schema: a test compares the two.
writeFileSync(new URL('../../config.schema.json', import.meta.url), schemaFileText());
