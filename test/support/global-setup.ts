import type { TestProject } from 'vitest/node';
import { buildProgram } from './built-program.ts';
import { startCluster } from './postgres-cluster.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server's database `postgres`, over TCP. */
    postgresUrl: string;
    postgresSocketUrl: string;
  }
}

/** One program and one server for the whole run. When it does not start, the run fails: these tests are never skipped. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await buildProgram();
  // What a server writes outlives its end without fsync too, only not the machine's. With it a DROP DATABASE, which is a
  // checkpoint, took 350 ms and not 15, nine hundred times.
  const cluster = await startCluster(['fsync=off', 'full_page_writes=off']);
  project.provide('postgresUrl', cluster.url('postgres'));
  project.provide('postgresSocketUrl', cluster.socketUrl('postgres'));
  return () => cluster[Symbol.asyncDispose]();
}
