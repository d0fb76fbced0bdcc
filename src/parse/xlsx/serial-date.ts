import { dateStyle } from './date-format.ts';

const dayMs = 86_400_000;
/** The day after 9999-12-31, by epoch. Excel shows ##### from there on, and for negative numbers. */
const endSerial = { from1900: 2_958_466, from1904: 2_957_004 };
/** Days from 1899-12-31 and 1904-01-01 to 1970-01-01. */
const daysToUnixEpoch = { from1900: 25_568, from1904: 24_107 };

/**
 * A spreadsheet's day number as ISO text: `2026-11-22`, `2026-11-22T09:15:00`, a bare time `09:15:00`, an elapsed
 * time `36:00:00`; milliseconds only when there are any. Null when it is outside of what Excel shows as a date.
 * In the 1900 epoch day 60 is 1900-02-29, which never was, and day 0 is 1900-01-00, as Excel shows them: such text
 * is no date to anybody, and the row says so.
 */
export function serialText(serial: number, style: number, is1904: boolean): string | null {
  if (!(serial >= 0 && serial < (is1904 ? endSerial.from1904 : endSerial.from1900))) return null;
  const totalMs = Math.round(serial * dayMs);
  const days = Math.floor(totalMs / dayMs);
  const timeMs = totalMs - days * dayMs;
  if (style === dateStyle.elapsed) return timeText(totalMs);
  if (days === 0 && (style === dateStyle.time || (!is1904 && timeMs > 0))) return timeText(timeMs);
  const day = is1904 ? isoDay(days - daysToUnixEpoch.from1904) : day1900(days);
  return timeMs === 0 ? day : `${day}T${timeText(timeMs)}`;
}

function day1900(days: number): string {
  if (days === 0) return '1900-01-00';
  if (days === 60) return '1900-02-29';
  return isoDay(days - daysToUnixEpoch.from1900 - (days > 60 ? 1 : 0));
}

/** Gregorian date of a day counted from 1970-01-01, by Howard Hinnant's `civil_from_days`. */
function isoDay(unixDay: number): string {
  const shifted = unixDay + 719_468;
  const era = Math.floor(shifted / 146_097);
  const dayOfEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1;
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

function timeText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const clock = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return ms % 1000 === 0 ? clock : `${clock}.${String(ms % 1000).padStart(3, '0')}`;
}

function two(number: number): string {
  return number < 10 ? `0${number}` : String(number);
}

/** The text of a cell of type `d`, which already is ISO 8601, in the forms above; null when it is anything else. */
export function isoCellText(text: string): string | null {
  const match = /^(\d{4}-\d\d-\d\d)?(?:T?(\d\d:\d\d)(?::(\d\d)(\.\d+)?)?Z?)?$/.exec(text.trim());
  if (match === null || text.trim() === '') return null;
  const [, day, minutes, seconds = '00', fraction = ''] = match;
  const ms = fraction === '' ? 0 : Math.min(999, Math.round(Number(`0${fraction}`) * 1000));
  const time = minutes === undefined ? null : `${minutes}:${seconds}${ms === 0 ? '' : `.${String(ms).padStart(3, '0')}`}`;
  if (day === undefined) return time;
  return time === null || time === '00:00:00' ? day : `${day}T${time}`;
}
