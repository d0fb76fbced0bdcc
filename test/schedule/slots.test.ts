import { describe, expect, it } from 'vitest';
import { slots, type ScheduledRun } from '../../src/schedule/slots.ts';

/** 09:15 in São Paulo is 12:15 UTC. Wednesday 2026-11-18 is the day that matters. */
const schedule = {
  timezone: 'America/Sao_Paulo',
  hour: 9,
  minute: 15,
  weekdays: ['mon', 'tue', 'wed', 'thu', 'fri'],
  startGraceMinutes: 60,
  finishGraceMinutes: 120,
} as const;

function run(status: ScheduledRun['status'], startedAt: string, businessDate = startedAt.slice(0, 10)): ScheduledRun {
  return { status, startedAt: new Date(`${startedAt}Z`), businessDate };
}

/** Statuses of the slots of Tuesday to `now`. */
function judged(log: readonly ScheduledRun[], now: string): string[] {
  const found = slots(schedule, log, new Date('2026-11-17T03:00:00Z'), new Date(`${now}Z`));
  return found.map(({ day, status }) => `${day} ${status}`);
}

describe('a run belongs', () => {
  const tuesday = run('success', '2026-11-17T12:15');

  it.each([
    {
      title: 'to today when it came five minutes early',
      log: [tuesday, run('success', '2026-11-18T12:10')],
      now: '2026-11-18T12:11',
      slots: ['2026-11-17 done', '2026-11-18 done'],
    },
    {
      title: 'to today when a person started it at eight, and nobody is woken at ten',
      log: [tuesday, run('unchanged', '2026-11-18T11:00')],
      now: '2026-11-18T20:00',
      slots: ['2026-11-17 done', '2026-11-18 done'],
    },
    {
      title: 'to the day on which it mends what failed, however late in the evening: the next is due',
      log: [run('failed', '2026-11-17T12:15'), run('success', '2026-11-17T23:30')],
      now: '2026-11-18T13:16',
      slots: ['2026-11-17 late', '2026-11-18 missed'],
    },
    {
      title: 'to Friday on a Saturday, where it does no harm',
      log: [tuesday, run('success', '2026-11-20T12:15'), run('failed', '2026-11-21T15:00')],
      now: '2026-11-21T16:00',
      slots: ['2026-11-17 done', '2026-11-18 missed', '2026-11-19 missed', '2026-11-20 done'],
    },
    {
      title: 'to Friday on a Saturday, and mends it',
      log: [tuesday, run('failed', '2026-11-20T12:15'), run('success', '2026-11-21T15:00')],
      now: '2026-11-22T16:00',
      slots: ['2026-11-17 done', '2026-11-18 missed', '2026-11-19 missed', '2026-11-20 late'],
    },
    {
      title: 'to no slot when it fills in an earlier business date',
      log: [tuesday, run('success', '2026-11-18T12:20', '2026-10-01')],
      now: '2026-11-18T13:16',
      slots: ['2026-11-17 done', '2026-11-18 missed'],
    },
    {
      title: 'to its slot when it has died: nothing was published',
      log: [tuesday, run('aborted', '2026-11-18T12:15')],
      now: '2026-11-18T12:30',
      slots: ['2026-11-17 done', '2026-11-18 failed'],
    },
    {
      title: 'to its slot when it is the second try of one that is at work for too long',
      log: [run('running', '2026-11-17T12:15'), run('running', '2026-11-17T15:00')],
      now: '2026-11-17T16:00',
      slots: ['2026-11-17 running'],
    },
  ])('$title', ({ log, now, slots }) => {
    expect(judged(log, now)).toEqual(slots);
  });

  it.each([
    { title: 'within its start grace to the last moment', now: '2026-11-17T13:15:00', status: 'pending' },
    { title: 'missed a moment later', now: '2026-11-17T13:15:00.001', status: 'missed' },
  ])('to nothing: the slot is $title', ({ now, status }) => {
    expect(judged([], now)).toEqual([`2026-11-17 ${status}`]);
  });

  it.each([
    { title: 'at the last moment of the grace', start: '2026-11-17T13:15:00', status: 'done' },
    { title: 'a moment later', start: '2026-11-17T13:15:00.001', status: 'late' },
  ])('to its slot when it starts $title: $status', ({ start, status }) => {
    expect(judged([run('success', start)], '2026-11-17T15:00')).toEqual([`2026-11-17 ${status}`]);
  });

  it('to yesterday when it is nearer: of a schedule in the evening, a run after midnight does not stand for tonight', () => {
    const evening = { ...schedule, hour: 23 };
    // 23:15 of Tuesday is 02:15 UTC of Wednesday; the run starts at 00:05 in São Paulo.
    const found = slots(
      evening,
      [run('success', '2026-11-18T03:05')],
      new Date('2026-11-18T00:00:00Z'),
      new Date('2026-11-19T04:00:00Z'),
    );
    expect(found.map(({ day, status }) => `${day} ${status}`)).toEqual(['2026-11-17 done', '2026-11-18 missed']);
  });

  it('to nothing that was due before the log began', () => {
    const first = run('success', '2026-11-18T14:00');
    expect(slots(schedule, [first], first.startedAt, new Date('2026-11-18T20:00:00Z'))).toEqual([]);
  });
});
