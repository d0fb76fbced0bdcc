import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { openPostgres } from '../../src/db/postgres-session.ts';
import type { CopyIn } from '../../src/db/session.ts';
import { createDatabase, type TestDatabase } from '../support/postgres.ts';
import { openProxy, type Link } from '../support/proxy.ts';

const chunk = Buffer.from(`1\t${'x'.repeat(60)}\n`.repeat(1_000));
const bad = Buffer.from('one\tx\n');

/** More than the sockets hold, so that a COPY that nobody reads has to wait. */
const manyChunks = 800;
const faultyChunk = 250;

/** What goes wrong after a third of the chunks. */
type Fault = (at: { readonly copy: CopyIn; readonly link: Link; readonly database: TestDatabase }) => Promise<unknown>;

const faults: readonly { title: string; fault: Fault; says: RegExp; code: string; before?: string }[] = [
  {
    title: 'the server refuses a row, with more on their way',
    fault: ({ copy }) => copy.write(bad),
    says: /invalid input syntax/,
    code: 'unexpected',
  },
  { title: 'the connection is cut', fault: async ({ link }) => link.cut(), says: /ECONNRESET/, code: 'database-unavailable' },
  {
    title: 'the network swallows everything',
    fault: async ({ link }) => link.swallow(),
    says: /taken nothing of a COPY for 2 s/,
    code: 'database-unavailable',
  },
  {
    title: 'the backend is terminated',
    fault: ({ database }) =>
      database.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      ),
    says: /terminating connection|Connection terminated|ECONNRESET/,
    code: 'database-unavailable',
  },
  {
    title: 'the statement takes too long for the server',
    before: "SET statement_timeout = '500ms'",
    fault: () => sleep(700),
    says: /statement timeout/,
    code: 'database-timeout',
  },
];

describe('a COPY ends within 10 s, with the reason, when', () => {
  it.each(faults)('$title', { timeout: 20_000 }, async ({ fault, says, code, before }) => {
    await using database = await createDatabase();
    await database.query('CREATE TABLE t (id int, name text)');
    let link: Link | null = null;
    await using proxy = await openProxy(database.url, { toServer: (_, by) => ((link = by), true) });
    const session = await openPostgres(proxy.url, 2_000);
    if (before) await session.query(before, []);
    await session.query('BEGIN', []);
    const started = performance.now();
    const copy = session.copyIn('t (id, name)');
    const writing = (async () => {
      for (let index = 0; index < manyChunks; index++) {
        await copy.write(chunk);
        if (index === faultyChunk) await fault({ copy, link: link!, database });
      }
      await copy.end();
    })();
    await expect(writing).rejects.toMatchObject({ code, message: expect.stringMatching(says) as string });
    expect(performance.now() - started).toBeLessThan(10_000);
    // Ending it all the same, as the stager does, says the same and does not hang either.
    await expect(copy.end()).rejects.toMatchObject({ code });
    await session.query('ROLLBACK', []).catch(() => undefined);
    await session.close();
    expect(await database.query('SELECT FROM t')).toEqual([]);
  });
});
