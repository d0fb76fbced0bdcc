#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Beside the program: who may write there may write the program too, which is not so of the system's folder for temporary
// files. A quarter of the time that `health` takes is compiling; where the folder cannot be written, nothing is kept.
enableCompileCache(fileURLToPath(new URL('../.cache', import.meta.url)));
const { main } = await import('../src/main.ts');
await main(process);
