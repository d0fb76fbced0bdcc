import { describe, expect, it } from 'vitest';
import type { Severity } from '../../src/core/codes.ts';
import type { Alert } from '../../src/core/report.ts';
import { fingerprintOf, planTelling, type OpenAlert, type Plan } from '../../src/tell/plan.ts';

const rules = { minSeverity: 'warning' as Severity, repeatHours: 24 };
const start = Date.parse('2026-11-01T12:15:00Z');
const at = (hours: number) => new Date(start + hours * 3_600_000);

const alert = (part: Partial<Alert> = {}): Alert => ({
  severity: 'critical',
  code: 'source-missing',
  dataset: 'obras',
  subject: null,
  message: 'No file.',
  facts: {},
  ...part,
});

const open = (part: Partial<OpenAlert> = {}): OpenAlert => {
  const { severity, code, dataset, facts } = alert();
  const moments = { firstSeenAt: at(0), lastToldAt: at(0), isAcked: false, runId: 'r1' };
  return { id: '1', fingerprint: 'source-missing obras', severity, code, dataset, facts, ...moments, ...part };
};

const plan = (alerts: readonly Alert[], before: readonly OpenAlert[], hours: number, mayEnd = true, more = {}) =>
  planTelling(alerts, before, () => mayEnd, { ...rules, ...more }, at(hours));

describe('what people are told', () => {
  it.each<[string, Partial<Alert>, Partial<OpenAlert> | null, number, object, boolean]>([
    ['something new', {}, null, 0, {}, true],
    ['the same within 24 hours', {}, {}, 8, {}, false],
    ['the same a day later', {}, {}, 24, {}, true],
    ['the same a day later, by a cron that came a few seconds early', {}, {}, 23.99, {}, true],
    ['the same after a retry of the evening before', {}, { lastToldAt: at(2) }, 24, {}, false],
    ['the same a day later, when somebody knows', {}, { isAcked: true }, 48, {}, false],
    ['the same, when it became worse', { severity: 'critical' }, { severity: 'warning' }, 1, {}, true],
    ['the same, when it became less bad', { severity: 'warning' }, { severity: 'critical' }, 1, {}, false],
    ['a warning, to who wants to hear of failures only', { severity: 'warning' }, null, 0, { minSeverity: 'critical' }, false],
    ['what was below the limit until now', {}, { lastToldAt: null }, 1, {}, true],
    ['a normal run, to who wants to hear of everything', { severity: 'info' }, null, 0, { minSeverity: 'info' }, true],
    ['the same an hour later, when they want it every half hour', {}, {}, 1, { repeatHours: 0.5 }, true],
    ['the same after half of that', {}, {}, 0.25, { repeatHours: 0.5 }, false],
  ])('%s', (_, current, before, hours, more, isTold) => {
    const { told } = plan([alert(current)], before ? [open(before)] : [], hours, true, more);
    expect(told.length === 1).toBe(isTold);
  });

  it('has its history with it when it goes on', () => {
    const before = open();
    expect(plan([alert()], [before], 24).told).toEqual([{ alert: alert(), open: before }]);
  });
});

describe('a problem that ended', () => {
  it.each<[string, Partial<OpenAlert>, boolean, number, number]>([
    ['is told, once', {}, true, 1, 1],
    ['is not told to who never heard of it', { lastToldAt: null }, true, 1, 0],
    ['is told to who knew', { isAcked: true }, true, 1, 1],
    ['goes on when the run could not see it', {}, false, 0, 0],
    ['is no news when it was an event', { code: 'rows-vanished' }, true, 1, 0],
  ])('%s', (_, before, mayEnd, ended, resolved) => {
    const result = plan([], [open(before)], 24, mayEnd);
    expect([result.ended.length, result.resolved.length]).toEqual([ended, resolved]);
  });
});

describe('the same problem', () => {
  it.each<[string, Partial<Alert>, boolean]>([
    ['has other numbers', { message: 'Other.', facts: { file: 'b.csv' }, severity: 'warning' }, true],
    ['has another code', { code: 'source-empty' }, false],
    ['is of another dataset', { dataset: 'orgaos' }, false],
    ['is of no dataset', { dataset: null }, false],
    ['is about another column', { subject: 'valor' }, false],
  ])('%s: %s', (_, other, isSame) => {
    expect(fingerprintOf(alert(other)) === fingerprintOf(alert())).toBe(isSame);
  });

  it('is told once though a run found it twice', () => {
    expect(plan([alert(), alert({ message: 'Again.' })], [], 0).told).toHaveLength(1);
  });
});

describe('a month of a job that fails daily', () => {
  it('is one message a day, and one notice at its end, with retries in between', () => {
    const messages: number[] = [];
    let notices = 0;
    let before: OpenAlert[] = [];
    const apply = (result: Plan, hours: number) => {
      if (result.told.length > 0) messages.push(Math.round(hours / 24) + 0);
      notices += result.resolved.length;
      const told = result.told.length > 0;
      before = [
        ...result.seen.map((one) => (told ? { ...one.open, lastToldAt: at(hours) } : one.open)),
        ...result.opened.map(() => open({ firstSeenAt: at(hours), lastToldAt: told ? at(hours) : null })),
      ];
    };
    for (let day = 0; day < 30; day++) {
      const jitter = ((day * 7919) % 240) / 3600 - 1 / 30;
      for (const retry of [0, 0.5, 3]) apply(plan([alert()], before, day * 24 + jitter + retry), day * 24 + jitter + retry);
    }
    expect(messages).toEqual(Array.from({ length: 30 }, (_, day) => day));
    for (const hours of [720, 744]) apply(plan([], before, hours), hours);
    expect(notices).toBe(1);
  });
});
