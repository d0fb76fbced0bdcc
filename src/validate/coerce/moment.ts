import { textOf, type Cell } from './cell.ts';

/** A day and a time of day, as a wall clock shows them. `fraction` is up to six digits without zeros at its end. */
export type Moment = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly fraction: string;
};

/**
 * Reads `dd/mm/yyyy` (day and month of one or two digits) and `yyyy-mm-dd`, each alone or with `hh:mm`,
 * `hh:mm:ss` or `hh:mm:ss.ffffff` after a blank or T. Null for everything else: an offset, a time alone,
 * 31/02, 24:00. The year 0000 is read, and is for the caller to refuse.
 */
export function parseMoment(text: string): Moment | null {
  const match = moment.exec(text);
  if (match === null) return null;
  const groups = match.groups!;
  const part = (name: string) => Number(groups[name] ?? 0);
  const [hour, minute, second] = [part('hour'), part('minute'), part('second')];
  const isSlashed = groups['slashYear'] !== undefined;
  const year = part(isSlashed ? 'slashYear' : 'isoYear');
  const month = part(isSlashed ? 'slashMonth' : 'isoMonth');
  const day = part(isSlashed ? 'slashDay' : 'isoDay');
  if (!isCalendarDay(year, month, day) || hour > 23 || minute > 59 || second > 59) return null;
  return { year, month, day, hour, minute, second, fraction: (groups['fraction'] ?? '').replace(/0+$/, '') };
}

export function parseMomentCell(cell: Cell): Moment | null {
  return cell.end - cell.start > longestMoment ? null : parseMoment(textOf(cell));
}

export function isCalendarDay(year: number, month: number, day: number): boolean {
  return month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month);
}

/** `2026-11-22` */
export function isoDay({ year, month, day }: Pick<Moment, 'year' | 'month' | 'day'>): string {
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

/** `09:15:00`, `09:15:00.25` */
export function isoTime({ hour, minute, second, fraction }: Moment): string {
  return `${two(hour)}:${two(minute)}:${two(second)}${fraction === '' ? '' : `.${fraction}`}`;
}

export function isMidnight({ hour, minute, second, fraction }: Moment): boolean {
  return hour === 0 && minute === 0 && second === 0 && fraction === '';
}

/** Bytes. What is longer is not decoded. */
const longestMoment = 64;
const slashed = String.raw`(?<slashDay>\d{1,2})\/(?<slashMonth>\d{1,2})\/(?<slashYear>\d{4})`;
const iso = String.raw`(?<isoYear>\d{4})-(?<isoMonth>\d{2})-(?<isoDay>\d{2})`;
const time = String.raw`(?<hour>\d{1,2}):(?<minute>\d{2})(?::(?<second>\d{2})(?:\.(?<fraction>\d{1,6}))?)?`;
const moment = new RegExp(String.raw`^(?:${slashed}|${iso})(?:(?:T|\s+)${time})?$`);

function two(number: number): string {
  return String(number).padStart(2, '0');
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}
