import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { binaryRows } from '../../src/db/binary-rows.ts';
import { openPglite } from '../../src/db/pglite-session.ts';
import { openPostgres } from '../../src/db/postgres-session.ts';
import type { Session } from '../../src/db/session.ts';
import { createDatabase } from '../support/postgres.ts';

const select = `SELECT CASE WHEN n % 3 > 0 THEN repeat('é', n) END, decode(lpad(to_hex(n), 8, '0'), 'hex') FROM generate_series(1, 700) n`;
const expected = Array.from({ length: 700 }, (_, index) => [
  (index + 1) % 3 > 0 ? 'é'.repeat(index + 1) : null,
  (index + 1).toString(16).padStart(8, '0'),
]);

/** What comes in pieces of `size` bytes; 0: as the database sends them. */
async function rowsOf(session: Session, size = 0): Promise<(string | null)[][]> {
  const rows: (string | null)[][] = [];
  const take = binaryRows(2, ({ bytes, starts, lengths }) => {
    const text = (field: number, encoding: 'utf8' | 'hex') =>
      lengths[field]! < 0 ? null : bytes.toString(encoding, starts[field], starts[field]! + lengths[field]!);
    rows.push([text(0, 'utf8'), text(1, 'hex')]);
  });
  await session.copyOut(select, (piece) => {
    for (let at = 0; at < piece.length; at += size || piece.length)
      take(Buffer.from(piece.subarray(at, at + (size || piece.length))));
  });
  return rows;
}

async function withSession(engine: 'postgres' | 'pglite', use: (session: Session) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'projetus-copy-out-'));
  await using database = await createDatabase();
  const host = { pid: process.pid, hostname: 'test', user: 'test', isAlive: () => true };
  const session = engine === 'postgres' ? await openPostgres(database.url) : await openPglite(join(folder, 'db'), host);
  try {
    await use(session);
  } finally {
    await session.close();
    await rm(folder, { recursive: true });
  }
}

describe.each(['postgres', 'pglite'] as const)('rows that are copied out of %s', (engine) => {
  it('come whole and in order, in pieces of any size', async () => {
    await withSession(engine, async (session) => {
      expect(await rowsOf(session)).toEqual(expected);
      expect(await rowsOf(session, 7)).toEqual(expected);
      await session.copyOut('SELECT 1 WHERE false', () => undefined);
    });
  });

  it('are an error where they are taken, and the session goes on', async () => {
    await withSession(engine, async (session) => {
      const taking = session.copyOut(select, () => {
        throw new TypeError('no room');
      });
      await expect(taking).rejects.toThrow('no room');
      expect(await rowsOf(session)).toEqual(expected);
    });
  });

  it('are an error of the database when the SELECT is wrong, and the session goes on', async () => {
    await withSession(engine, async (session) => {
      await expect(session.copyOut('SELECT 1 / 0', () => undefined)).rejects.toThrow('division by zero');
      expect(await rowsOf(session)).toEqual(expected);
    });
  });
});

it('bytes that are no binary COPY are refused', () => {
  expect(() => binaryRows(1, () => undefined)(Buffer.alloc(40))).toThrow('no binary COPY');
});
