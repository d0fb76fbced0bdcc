import { expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { ProjetusError } from '../../src/core/errors.ts';
import { configOf, csv, obras, story } from '../run/story.ts';
import { openProxy } from '../support/proxy.ts';
import { aimAt } from './aim.ts';

/** More than the sockets between here and the server hold. */
const manyRows = csv(Array.from({ length: 200_000 }, (_, id) => `${id};${'x'.repeat(60)};;;`).join('\n'));

it('a run that is interrupted while its COPY waits for a network that swallows everything ends within five seconds', async () => {
  await using days = await story(configOf(obras()));
  await days.day(csv('1;a;;;'));
  const interruption = new AbortController();
  let interrupted = 0;
  const aimed = aimAt({ phase: 'copy', message: 5 }, true, (_, link) => {
    link.swallow();
    // The reader needs a moment to fill what the sockets hold.
    setTimeout(() => {
      interrupted = performance.now();
      interruption.abort(new ProjetusError('terminated', 'Terminated; nothing was published.'));
    }, 1_000);
  });
  await using proxy = await openProxy(days.project.databaseUrl, aimed);
  const config = await loadConfig({ path: `${days.project.folder}/config.yaml`, env: { DATABASE_URL: proxy.url } });
  const report = await days.files({ 'obras.csv': manyRows }, { config, signal: interruption.signal });
  expect(report).toMatchObject({ exit_code: 143, error: { code: 'terminated' } });
  expect(performance.now() - interrupted).toBeLessThan(5_000);
  expect(await days.rows('nome')).toEqual([{ nome: 'a' }]);
});
