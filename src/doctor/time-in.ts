/** `09:15`: the time of a moment in a zone. */
export function timeIn(timezone: string, moment: Date): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: timezone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    moment,
  );
}
