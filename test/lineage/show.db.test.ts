import { describe, expect, it } from 'vitest';
import { configOf, entry, lineageOf, story } from '../run/story.ts';

describe('the versions of a record', () => {
  it.each([
    ['integer', ['7', '-3', '9223372036854775807']],
    ['text', ['7', '007', 'a|b', 'ção']],
    ['decimal(5,2)', ['7.00', '-3.10']],
    ['date', ['2026-01-02']],
  ])('are those of the view data_lineage, for a key of type %s', async (type, ids) => {
    await using days = await story(
      configOf(entry('obras', ['entity: obra', 'key: [id]', `columns: { id: { type: "${type}" }, nome: {} }`])),
    );
    const file = (nome: string) => `id;nome\n${ids.map((id) => `${id};${nome}\n`).join('')}`;
    await days.files({ 'obras.csv': file('a') });
    await days.files({ 'obras.csv': file('b') });
    const view = await days.project.query('SELECT entity_id, operation, record_hash FROM data_lineage ORDER BY created_at');
    expect(view).toHaveLength(2 * ids.length);
    for (const id of ids) {
      const { versions, exists } = await lineageOf(days.project, 'obra', id);
      expect(exists).toBe(true);
      expect(versions.map(({ operation, record_hash }) => ({ entity_id: id, operation, record_hash }))).toEqual(
        view.filter(({ entity_id }) => entity_id === id),
      );
    }
  });

  it('are none for what no integer key is written as', async () => {
    await using days = await story(configOf(entry('obras', ['entity: obra', 'key: [id]', 'columns: { id: { type: integer } }'])));
    await days.files({ 'obras.csv': 'id\n7\n' });
    for (const id of ['', '0', '07', '7.0', '+7', '9223372036854775808', '99999999999999999999', 'x']) {
      expect(await lineageOf(days.project, 'obra', id)).toMatchObject({ id, exists: false, versions: [] });
    }
  });
});
