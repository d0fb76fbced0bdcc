import { describe, expect, it } from 'vitest';
import type { AlertFacts } from '../../src/alert/facts.ts';
import type { HoldFacts } from '../../src/guard/hold-facts.ts';
import { createFormat } from '../../src/alert/format.ts';
import { alertTitle, sayAlert, textsOf, type Language } from '../../src/alert/say.ts';
import { alertCodes, errorCodes } from '../../src/core/codes.ts';
import { guards } from '../../src/core/guard.ts';

const languages: Language[] = ['pt-BR', 'en'];
const format = (language: Language) => createFormat(language, 'America/Sao_Paulo');
const baseline = { weekday: 'Monday', median: 1000, low: 900, high: 1100, runs: 6 };
const volume = { current: 300, previous: 1234, percent: -75.69, tolerance: 10, baseline };

const facts: AlertFacts = {
  'rows-rejected': { rejected: 1234, read: 98_765, fresh: 12 },
  'rows-duplicate': { duplicate: 2, read: 10 },
  'rows-vanished': { vanished: 7 },
  'error-cells': { cells: 3, column: 'valor', file: 'obras.csv' },
  'dates-absurd': { cells: 3, column: 'dia', file: 'obras.csv' },
  'control-total-mismatch': { file: 'obras.csv', column: 'valor', said: '10.00', computed: '9.00' },
  'orphans-found': {
    orphans: 5,
    column: 'orgao',
    references: 'orgaos.id',
    causes: { filtered: 0, rejected: 2, vanished: 0, unknown: 3, unread: 0 },
  },
  'volume-anomaly': volume,
  'hold-accepted': { guard: 'volume', message: 'obras: moved.', by: 'ana@casa' },
  'source-late': { newest: '2026-11-20', day: '2026-11-22' },
  'source-stale': { since: '2026-11-20' },
  'source-missing-optional': {},
  'source-repeated': { file: 'b.csv' },
  'file-unexpected': { file: 'nota.docx' },
  'run-aborted': { run: 'r1', host: 'casa', at: '2026-11-21T12:15:00Z' },
  'run-missed': { moments: ['2026-11-20T12:15:00Z', '2026-11-21T12:15:00Z'] },
  'column-missing': { column: 'valor', file: 'obras.csv' },
  'column-renamed': { header: '_hash', column: 'hash_1', file: 'obras.csv' },
  'column-emptied': { column: 'valor', before: 99.5, now: 12.25 },
  'header-drift': { added: ['NOVA'], lost: ['VELHA'], renamed: [{ from: 'VALOR', to: 'VALOR_2' }] },
  'text-damaged': { file: 'obras.csv', replaced: 1, double_encoded: 2 },
  'reconcile-mismatch': { level: 'content', missing: 1, extra: 2, different: 3, summary: '' },
};

const holds: HoldFacts = {
  volume,
  vanish: { vanished: 50, live: 100, limit: 10 },
  columns: {
    blank: [{ column: 'valor', before: 99, now: 0 }],
    moved: [{ column: 'valor', before: 10.5, now: 1050 }],
    zeroed: [{ column: 'repasse', before: 1, now: 99 }],
  },
  encoding: { files: ['obras.csv'], replaced: 30, double_encoded: 4, percent: 2.5 },
  relations: { relations: [{ column: 'orgao', references: 'orgaos.id', before: 100, orphans: 98 }] },
  stale: { since: '2026-11-20' },
  filter: { read: 1234 },
};

describe.each(languages)('in %s', (language) => {
  it('every alert says what happened with its numbers, and what to do', async () => {
    const said = Object.entries(facts).map(([code, known]) => [
      code,
      sayAlert({ code, dataset: 'obras', facts: known, message: '' }, language, format(language)),
    ]);
    const held = guards.map((guard) => {
      const code = `guard-${guard}`;
      return [
        code,
        sayAlert(
          { code, dataset: 'obras', facts: holds[guard], message: `obras: held by ${guard}.` },
          language,
          format(language),
        ),
      ];
    });
    await expect(`${JSON.stringify(Object.fromEntries([...said, ...held]), null, 2)}\n`).toMatchFileSnapshot(
      `texts/${language}.json`,
    );
  });

  it.each(Object.keys(errorCodes))('a run that stops with %s is told', (code) => {
    const error = { message: 'No file.', hint: 'put it there', file: 'obras.csv', line: 1234 };
    const { title, text, next } = sayAlert(
      {
        code,
        dataset: 'obras',
        facts: code.startsWith('guard-') ? holds[code.slice(6) as 'volume'] : error,
        message: 'obras: held.',
      },
      language,
      format(language),
    );
    expect([title, text, next].every((part) => typeof part === 'string' && part.length > 2)).toBe(true);
    expect(`${title} ${text} ${next}`).not.toMatch(/undefined|NaN|\[object/);
    // Whoever reads that nothing was published believes it.
    expect(text.includes('nada foi publicado')).toBe(
      language === 'pt-BR' && code !== 'commit-unknown' && !code.startsWith('guard-'),
    );
  });

  it('a code of another version is told as it was stored', () => {
    expect(
      sayAlert({ code: 'of-tomorrow', dataset: 'obras', facts: {}, message: 'obras: new.' }, language, format(language)),
    ).toEqual({
      title: 'of-tomorrow',
      text: 'obras: new.',
      next: null,
    });
  });

  it.each([...Object.keys(facts), ...guards.map((guard) => `guard-${guard}`), 'of-tomorrow'])(
    '%s ends with its title',
    (code) => {
      const known = facts[code as keyof AlertFacts] ?? holds[code.slice(6) as keyof HoldFacts] ?? {};
      const { title } = sayAlert({ code, dataset: 'obras', facts: known, message: '' }, language, format(language));
      expect(alertTitle(code, language)).toBe(title);
    },
  );

  it('has a text for every alert code', () => {
    const known = Object.keys(textsOf(language).warnings);
    expect(Object.keys(alertCodes).filter((code) => !known.includes(code))).toEqual([]);
  });
});
