import { describe, expect, it } from 'vitest';
import { sectionNames } from '../../bench/all-sections.ts';
import { limits, limitsOf, verdictOn, type LimitName } from '../../bench/limits.ts';
import { missedLines, type SectionReport } from '../../bench/report/section-report.ts';

describe('a limit', () => {
  it.each<{ limit: LimitName; value: number; isFull: boolean; verdict: string }>([
    { limit: 'firstLoad', value: 1.7, isFull: true, verdict: 'kept' },
    { limit: 'firstLoad', value: 1.71, isFull: true, verdict: 'missed' },
    { limit: 'firstLoad', value: Number.NaN, isFull: true, verdict: 'missed' },
    { limit: 'firstLoad', value: -0.1, isFull: true, verdict: 'not judged' },
    { limit: 'csvParse', value: 5, isFull: true, verdict: 'kept' },
    { limit: 'csvParse', value: 4.99, isFull: false, verdict: 'missed' },
    { limit: 'growthFirst', value: 21, isFull: true, verdict: 'missed' },
    { limit: 'growthFirst', value: -3, isFull: true, verdict: 'kept' },
    { limit: 'growthFirst', value: 21, isFull: false, verdict: 'not judged' },
  ])('of $limit with $value (full: $isFull) is $verdict', ({ limit, value, isFull, verdict }) => {
    expect(verdictOn({ limit, value }, isFull)).toBe(verdict);
  });

  it('belongs to a section that measures it, and every section has one', () => {
    expect(sectionNames.flatMap(limitsOf).toSorted()).toEqual(Object.keys(limits).toSorted());
    expect(sectionNames.filter((name) => limitsOf(name).length === 0)).toEqual([]);
  });
});

describe('what was missed', () => {
  const report: SectionReport = {
    name: 'startup',
    title: 'Start-up',
    markdown: '',
    findings: [
      { limit: 'help', value: 0.2 },
      { limit: 'health', value: 0.75 },
    ],
    measuredAt: '2026-11-20 12:00',
    machine: 'a machine',
    isFull: true,
    failure: null,
  };

  it('is named, with its value and its limit', () => {
    expect(missedLines([report])).toEqual(['startup: `projetus health` on PostgreSQL: 0.75 s; limit: at most 0.6 s']);
  });

  it('includes a section without a result, whose message may name paths and is left out', () => {
    expect(missedLines([{ ...report, findings: [], failure: '/tmp/x ended with 1' }])).toEqual(['startup: no result']);
  });
});
