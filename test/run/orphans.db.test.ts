import { Chalk } from 'chalk';
import { describe, expect, it } from 'vitest';
import type { RelationReport, RunReport } from '../../src/core/report.ts';
import { runSummary } from '../../src/cli/show-run.ts';
import { retryIn } from '../quarantine/quarantined.ts';
import { datasetOf } from '../support/project.ts';
import { undoIn } from '../undo/undo-in.ts';
import { configOf, counted, entry, story } from './story.ts';

const open = ['max_rejected_percent: 100', 'max_vanished_percent: 100'];
const works = (...lines: string[]) =>
  entry('obras', ['key: [id]', 'columns: { id: {}, ibge: {} }', ...open, ...(lines.length > 0 ? lines : [refers('warn')])]);
const towns = (...lines: string[]) =>
  entry('municipios', [
    'key: [ibge]',
    'columns: { ibge: {}, nome: {}, uf: {} }',
    'required_values: [ibge, nome]',
    'where: { uf: { enum: [MG] } }',
    ...open,
    ...lines,
  ]);
const refers = (onOrphan: string) => `relations: [{ column: ibge, references: municipios.ibge, on_orphan: ${onOrphan} }]`;
const yaml = configOf(works(), towns());
const none = { filtered: 0, rejected: 0, vanished: 0, unknown: 0, unread: 0 };

function relationOf(report: RunReport): RelationReport {
  return datasetOf(report, 'obras').relations[0]!;
}

const causesOf = (report: RunReport) => relationOf(report).orphan_samples.map(({ value, cause }) => `${value} ${cause}`);
const file = (...values: string[]) => `id;ibge\n${values.map((value, index) => `${index + 1};${value}\n`).join('')}`;
const places = (...lines: string[]) => `ibge;nome;uf\n${lines.map((line) => `${line}\n`).join('')}`;

describe('the orphans of a relation', () => {
  it('are told apart: filtered and rejected today, vanished today or earlier, or unknown', async () => {
    await using days = await story(yaml);
    await days.files({ 'obras.csv': file('1'), 'municipios.csv': places('1;A;MG', '2;B;MG', '3;C;MG', '4;D;MG') });
    await days.files({ 'obras.csv': file('1'), 'municipios.csv': places('1;A;MG', '3;C;MG', '4;D;MG') });
    const run = await days.files({
      // 2 vanished yesterday, 3 vanishes today, 4 is filtered now; a row of 5 was rejected, one filtered; 6 was rejected.
      'obras.csv': file('1', '2', '3', '4', '5', '6', '7', '', '7'),
      'municipios.csv': places('1;A;MG', '4;D;SP', '5;;MG', '5;E;SP', '6;;MG'),
    });
    expect(relationOf(run)).toEqual({
      column: 'ibge',
      references: 'municipios.ibge',
      matched: 1,
      orphans: 7,
      orphan_causes: { filtered: 1, rejected: 2, vanished: 2, unknown: 2, unread: 0 },
      orphan_samples: [
        { value: '2', cause: 'vanished' },
        { value: '3', cause: 'vanished' },
        { value: '4', cause: 'filtered' },
        { value: '5', cause: 'rejected' },
        { value: '6', cause: 'rejected' },
        { value: '7', cause: 'unknown' },
        { value: '7', cause: 'unknown' },
      ].map((sample, index) => ({ ...sample, file: 'obras.csv', sheet: null, row: index < 6 ? index + 3 : 10 })),
    });
  });

  it('are told apart on a first day too, when the parent’s table is new', async () => {
    await using days = await story(yaml);
    const run = await days.files({
      'obras.csv': file('1', '2', '3', '4'),
      'municipios.csv': places('1;A;MG', '2;;MG', '3;C;SP'),
    });
    expect(causesOf(run)).toEqual(['2 rejected', '3 filtered', '4 unknown']);
  });

  it('are the same in a dry run', async () => {
    await using days = await story(yaml);
    await days.files({ 'obras.csv': file('1', '2'), 'municipios.csv': places('1;A;MG', '2;B;MG') });
    const files = { 'obras.csv': file('1', '2', '3', '9'), 'municipios.csv': places('1;A;MG', '3;;MG') };
    const rehearsal = await days.files(files, { isDryRun: true });
    const run = await days.project.run({ date: '2026-11-02' });
    expect(causesOf(run)).toEqual(['2 vanished', '3 rejected', '9 unknown']);
    expect(relationOf(rehearsal)).toEqual(relationOf(run));
  });

  it('are counted all and shown ten, the first of the first file', async () => {
    await using days = await story(yaml);
    const many = Array.from({ length: 30 }, (_, index) => `9${index}`);
    const run = await days.files({
      'obras-b.csv': file(...many).replaceAll(/^(\d+);/gm, 'b$1;'),
      'obras-a.csv': file('1', '8'),
      'municipios.csv': places('1;A;MG'),
    });
    const { orphans, orphan_causes, orphan_samples } = relationOf(run);
    expect([orphans, orphan_causes.unknown, orphan_samples.length]).toEqual([31, 31, 10]);
    expect(orphan_samples.slice(0, 3).map(({ file: name, row }) => `${name}:${row}`)).toEqual([
      'obras-a.csv:3',
      'obras-b.csv:2',
      'obras-b.csv:3',
    ]);
  });

  it('of a child that did not change have the file and line that their records came from', async () => {
    await using days = await story(yaml);
    const children = file('1', '2', '3');
    await days.files({ 'obras.csv': children, 'municipios.csv': places('1;A;MG', '2;B;MG', '3;C;MG') });
    const run = await days.files({ 'obras.csv': children, 'municipios.csv': places('1;A;MG', '3;;SP') });
    expect(datasetOf(run, 'obras').status).toBe('unchanged');
    expect(relationOf(run).orphan_samples).toEqual([
      { value: '2', file: 'obras.csv', sheet: null, row: 3, cause: 'vanished' },
      { value: '3', file: 'obras.csv', sheet: null, row: 4, cause: 'filtered' },
    ]);
  });

  it.each([
    ['unknown when nothing of its last files was refused', places('1;A;MG', '2;B;MG'), ['9 unknown']],
    ['unread when rows of its last files were rejected', places('1;A;MG', '2;;MG'), ['9 unread']],
    ['unread when rows of its last files were filtered', places('1;A;MG', '2;B;SP'), ['9 unread']],
  ])('of a parent that did not change are %s', async (_, parents, causes) => {
    await using days = await story(yaml);
    await days.files({ 'obras.csv': file('1'), 'municipios.csv': parents });
    const run = await days.files({ 'obras.csv': file('1', '9'), 'municipios.csv': parents });
    expect(datasetOf(run, 'municipios').status).toBe('unchanged');
    expect(causesOf(run)).toEqual(causes);
    const part = await days.files({ 'obras.csv': file('1', '9', '') }, { datasets: ['obras'] });
    expect(causesOf(part)).toEqual(causes);
  });

  it('of a parent that did not change are vanished where that is known', async () => {
    await using days = await story(yaml);
    await days.files({ 'obras.csv': file('1'), 'municipios.csv': places('1;A;MG', '2;B;MG') });
    const later = places('1;A;MG', '3;;MG');
    await days.files({ 'obras.csv': file('1'), 'municipios.csv': later });
    const run = await days.files({ 'obras.csv': file('1', '2', '3'), 'municipios.csv': later });
    expect(causesOf(run)).toEqual(['2 vanished', '3 unread']);
  });

  it('of another column than the key are not looked for among refused rows, which only have their key', async () => {
    const parent = towns().replace('columns: { ibge: {}', 'columns: { ibge: {}, cnpj: {}');
    await using days = await story(configOf(works(refers('warn').replace('municipios.ibge', 'municipios.cnpj')), parent));
    const towns1 = 'ibge;cnpj;nome;uf\n1;71;A;MG\n2;72;B;MG\n3;73;C;MG\n';
    await days.files({ 'obras.csv': file('71'), 'municipios.csv': towns1 });
    // 72 is rejected: its stored version stays. 73 vanishes. 71 has become 74.
    const towns2 = 'ibge;cnpj;nome;uf\n1;74;A;MG\n2;72;;MG\n4;75;;MG\n';
    const run = await days.files({ 'obras.csv': file('71', '72', '73', '74', '75'), 'municipios.csv': towns2 });
    expect(relationOf(run)).toMatchObject({ matched: 2, orphan_causes: { ...none, vanished: 1, unknown: 2 } });
    expect(causesOf(run)).toEqual(['71 unknown', '73 vanished', '75 unknown']);
  });

  it('of a parent with a key of two parts have no cause but vanished and unknown', async () => {
    const parent = towns('key: [ibge, uf]').replace('      key: [ibge]\n', '');
    await using days = await story(configOf(works(), parent));
    const run = await days.files({ 'obras.csv': file('1', '2'), 'municipios.csv': places('1;A;MG', '2;;MG') });
    expect(causesOf(run)).toEqual(['2 unknown']);
  });

  it('of a parent whose file is broken are those of its table: they are not what is wrong today', async () => {
    await using days = await story(yaml);
    await days.files({ 'obras.csv': file('1', '2'), 'municipios.csv': places('1;A;MG') });
    const run = await days.files({ 'obras.csv': file('1', '2', ''), 'municipios.csv': 'ibge;nome;uf\n' });
    expect(run).toMatchObject({ exit_code: 7, error: { code: 'source-empty' } });
    expect(datasetOf(run, 'obras')).toMatchObject({ status: 'ready', holds: [] });
    expect(relationOf(run)).toMatchObject({ matched: 1, orphan_causes: { ...none, unknown: 1 } });
  });

  it('do not show what a cpf is, whichever side declares it', async () => {
    for (const isChild of [true, false]) {
      const [own, other] = isChild ? ['{ format: cpf }', '{}'] : ['{}', '{ format: cpf }'];
      const child = works(refers('warn')).replace('ibge: {}', `ibge: ${own}`);
      const parent = entry('municipios', ['key: [ibge]', `columns: { ibge: ${other} }`]);
      await using days = await story(configOf(child, parent));
      const run = await days.files({ 'obras.csv': file('52998224725'), 'municipios.csv': 'ibge\n11144477735\n' });
      expect(relationOf(run).orphan_samples).toMatchObject([{ value: '***', row: 2 }]);
      const reports = await days.project.query('SELECT report::text AS text FROM runs');
      expect(JSON.stringify(reports)).not.toContain('52998224725');
    }
  });

  it('stand in the alert by cause, and in the dry run by place', async () => {
    await using days = await story(yaml);
    const run = await days.files(
      { 'obras.csv': file('1', '2', '3\u001b[2J'), 'municipios.csv': places('1;A;MG', '2;;MG') },
      { isDryRun: true },
    );
    const [alert] = run.alerts.filter(({ code }) => code === 'orphans-found');
    expect(alert!.message).toBe('obras: the ibge of 2 rows is not in municipios.ibge (1 rejected there today, 1 unknown there)');
    const shown = runSummary(run, new Chalk({ level: 0 }), false);
    expect(shown).toContain(
      [
        '  ibge refers to municipios.ibge: 1 matched, 2 orphans (1 rejected there today, 1 unknown there)',
        '    obras.csv:3 "2" rejected',
        '    obras.csv:4 "3\\u001b[2J" unknown',
      ].join('\n'),
    );
  });
});

describe('a relation that finds nothing any more', () => {
  const parents = places('10;A;MG', '20;B;MG');

  it.each(['warn', 'reject'])('holds the run (%s), until somebody accepts it, once', async (onOrphan) => {
    await using days = await story(configOf(works(refers(onOrphan)), towns()));
    await days.files({ 'obras.csv': file('10', '20'), 'municipios.csv': parents });
    const drifted = file('010', '020', '030');
    const held = await days.files({ 'obras.csv': drifted, 'municipios.csv': parents });
    expect(held).toMatchObject({ status: 'held', exit_code: 5, error: { code: 'guard-relations' } });
    expect(held.error!.message).toContain(
      'none of 3 rows finds its ibge in municipios.ibge (3 unknown there), where 2 did in the run before',
    );
    expect(held.error!.hint).toContain('projetus run --accept relations:obras');
    expect(await days.project.query("SELECT FROM obras WHERE ibge LIKE '0%'")).toEqual([]);
    const again = await days.project.run({ date: '2026-11-02' });
    expect(again.exit_code).toBe(5);
    const accept = [{ guard: 'relations' as const, dataset: 'obras' }];
    const accepted = await days.project.run({ date: '2026-11-02', accept });
    expect(accepted).toMatchObject({ exit_code: 0, error: null });
    expect(datasetOf(accepted, 'obras').holds).toMatchObject([
      { guard: 'relations', accepted: { by: expect.stringContaining('@') } },
    ]);
    const next = await days.files({ 'obras.csv': drifted.replace('030', '040'), 'municipios.csv': parents });
    expect(next).toMatchObject({ exit_code: 0, error: null });
  });

  it('because the parent drifted holds a child that did not change, and accepting that holds for the next day too', async () => {
    await using days = await story(yaml);
    const children = file('10', '20');
    await days.files({ 'obras.csv': children, 'municipios.csv': parents });
    const drifted = parents.replaceAll(/^(\d)/gm, '0$1');
    const held = await days.files({ 'obras.csv': children, 'municipios.csv': drifted });
    expect(held.error).toMatchObject({ code: 'guard-relations' });
    expect(held.error!.message).toContain('(2 vanished there)');
    expect(datasetOf(held, 'obras').status).toBe('held');
    const accept = [{ guard: 'relations' as const, dataset: 'obras' }];
    expect(await days.project.run({ date: '2026-11-02', accept })).toMatchObject({ exit_code: 0 });
    const next = await days.files({ 'obras.csv': children, 'municipios.csv': drifted });
    expect(next).toMatchObject({ status: 'unchanged', exit_code: 0 });
  });

  it('comes after the reject budget, and is looked at in a dry run', async () => {
    const child = works(refers('reject')).replace('max_rejected_percent: 100', 'max_rejected_percent: 10');
    await using days = await story(configOf(child, towns()));
    await days.files({ 'obras.csv': file('10', '20'), 'municipios.csv': parents });
    const held = await days.files({ 'obras.csv': file('010'), 'municipios.csv': parents }, { isDryRun: true });
    expect(held.error).toMatchObject({ code: 'rejects-over-budget' });
    await days.project.configure(yaml);
    const rehearsal = await days.project.run({ date: '2026-11-02', isDryRun: true });
    expect(rehearsal).toMatchObject({ exit_code: 5, error: { code: 'guard-relations' } });
  });

  it('compares with no run that was undone or held', async () => {
    await using days = await story(yaml);
    await days.files({ 'obras.csv': file('010'), 'municipios.csv': parents });
    const good = await days.files({ 'obras.csv': file('10'), 'municipios.csv': parents });
    await undoIn(days.project, good.run_id!, '2026-11-02T18:00:00Z');
    const run = await days.files({ 'obras.csv': file('010', '020'), 'municipios.csv': parents });
    expect(run).toMatchObject({ exit_code: 0, error: null });
  });

  it.each([
    ['on a first day', []],
    ['when it never matched', [file('7')]],
    ['when the run before had nothing but blanks', [file('10'), file('')]],
  ])('is no reason to hold %s', async (_, before) => {
    await using days = await story(yaml);
    for (const children of before) await days.files({ 'obras.csv': children, 'municipios.csv': parents });
    const run = await days.files({ 'obras.csv': file('8'), 'municipios.csv': parents });
    expect(run).toMatchObject({ exit_code: 0, error: null });
  });
});

describe('a retry in a dataset that refers to itself', () => {
  it('finds the parents that are stored', async () => {
    const self = (format: string) =>
      configOf(
        entry('obras', [
          'key: [id]',
          `columns: { id: {}, parte_de: {}, n: ${format} }`,
          ...open,
          'relations: [{ column: parte_de, references: obras.id, on_orphan: reject }]',
        ]),
      );
    await using days = await story(self('{ enum: ["1"] }'));
    const run = await days.files({ 'obras.csv': 'id;parte_de;n\n1;;1\n2;1;x\n' });
    expect(datasetOf(run, 'obras').counts).toEqual(counted({ read: 2, inserted: 1, rejected: 1, new_rejects: 1 }));
    await days.project.configure(self('{}'));
    expect(await retryIn(days.project)).toMatchObject({ status: 'success', left: [] });
  });
});
