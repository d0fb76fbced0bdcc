const dayMs = 86_400_000;

/** The moment at which the clocks of a zone show a local time. `wallMs` is that time as if it were UTC. */
export type WallClock = (wallMs: number) => Date;

/**
 * Reads the zone's rules from Intl alone. A local time that does not exist is the first moment after the gap; of one that
 * exists twice it is the first. Two changes of the clocks within two days are beyond it; no zone has had that.
 */
export function wallClock(timezone: string): WallClock {
  const offset = offsetIn(timezone);
  return (wallMs) => {
    // No zone is a day away from UTC: these two samples stand on either side of a change, if there is one.
    const before = offset(wallMs - dayMs);
    const after = offset(wallMs + dayMs);
    if (before === after) return new Date(wallMs - before);
    const earlier = wallMs - Math.max(before, after);
    const later = wallMs - Math.min(before, after);
    const shown = [earlier, later].find((moment) => moment + offset(moment) === wallMs);
    return new Date(shown ?? firstAfter(earlier, later, (moment) => offset(moment) === after));
  };
}

/** The first millisecond in (low, high] from which on `isChanged` holds. */
function firstAfter(low: number, high: number, isChanged: (moment: number) => boolean): number {
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (isChanged(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** How far the zone's clocks are ahead of UTC at a moment, in milliseconds. */
function offsetIn(timezone: string): (moment: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (moment) => {
    const parts = format.formatToParts(moment);
    const part = (type: string) => Number(parts.find((candidate) => candidate.type === type)!.value);
    const shown = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
    return shown - Math.floor(moment / 1000) * 1000;
  };
}
