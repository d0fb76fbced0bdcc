import { expectedRuns } from '../../schedule/expected-runs.ts';
import { ok, warn, type Finding, type Patient } from '../finding.ts';
import { timeIn } from '../time-in.ts';

const dayMs = 86_400_000;

/** When the next run is due, by the clock of the configuration and by this machine's, which some crons go by. */
export async function checkTimeZone({ config, clock, machineZone }: Patient): Promise<Finding> {
  const { extraction } = config;
  const now = clock();
  const next = expectedRuns(extraction, now, new Date(now.getTime() + 9 * dayMs))[0];
  if (!next) return warn('time zone', 'no run is due within nine days', 'set extraction.weekdays');
  const due = `runs are due at ${timeIn(extraction.timezone, next.at)} in ${extraction.timezone}`;
  if (machineZone === extraction.timezone) return ok('time zone', `${due}, which is this machine’s zone too`);
  const here = `${timeIn(machineZone, next.at)} by this machine’s clock (${machineZone})`;
  return ok('time zone', `${due}, ${timeIn('UTC', next.at)} UTC, ${here}`);
}
