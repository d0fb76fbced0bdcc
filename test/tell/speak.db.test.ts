import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { openDatabase } from '../../src/db/open-database.ts';
import { speakOfEnd } from '../../src/tell/speak.ts';
import { configOf, csv, obras } from '../run/story.ts';
import { createProject } from '../support/project.ts';
import { openProxy } from '../support/proxy.ts';
import { noProxies } from '../support/no-proxies.ts';

const host = { pid: process.pid, hostname: 'test', user: 'test', isAlive: () => true };

it('a database that hangs when all is done holds up the end of a terminated run for less than 10 s', async () => {
  await using project = await createProject(`${configOf(obras())}monitoring: { prometheus: { enabled: true } }\n`);
  await project.put('2026-11-01', 'obras.csv', csv('1;a;;;'));
  const report = await project.run({ date: '2026-11-01' });
  let isSwallowing = false;
  await using proxy = await openProxy(project.databaseUrl, { toServer: () => !isSwallowing });
  const signal = AbortSignal.abort();
  const opening = { url: proxy.url, schema: 'public', host, retryMs: 0, onRetry: () => undefined };
  await using database = await openDatabase({ ...opening, signal: new AbortController().signal });
  isSwallowing = true;
  const started = performance.now();
  const job = {
    config: await loadConfig({ path: join(project.folder, 'config.yaml'), env: { DATABASE_URL: project.databaseUrl } }),
    pipelineVersion: '0.0.0+test',
    clock: () => new Date(),
    signal,
    host,
    network: { userAgent: 'projetus/test', timeoutMs: 2_000, ca: null, proxies: noProxies },
  };
  expect(await speakOfEnd(job, report, database)).toEqual({
    told: [],
    problems: ['the metrics were not written: the database does not answer'],
  });
  expect(performance.now() - started).toBeLessThan(9_000);
});
