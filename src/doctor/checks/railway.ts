import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, ok, warn, type Finding, type Patient } from '../finding.ts';
import { cronTimes, utcTimes } from '../utc-schedule.ts';

const name = 'railway';

/** Blocked below the Pro plan. Source: https://docs.railway.com/reference/outbound-networking#email-delivery */
const smtpPorts = [25, 465, 587, 2525];

/** What of railway.json matters for a daily job. Source: https://docs.railway.com/reference/config-as-code */
type RailwayFile = {
  readonly deploy?: {
    readonly startCommand?: string;
    readonly cronSchedule?: string;
    readonly restartPolicyType?: string;
  };
};

/** Looked at on Railway alone, which says so in the environment of every service. */
export async function checkRailway(patient: Patient): Promise<Finding[]> {
  if (!Object.keys(patient.env).some((key) => key.startsWith('RAILWAY_'))) return [];
  const file = await readRailwayFile(patient.config.directory);
  const fromFile = file === null ? [unseen(patient)] : [checkRestart(file), checkSchedule(file, patient), checkTimeout(file)];
  const findings = [...fromFile, checkMail(patient), checkVolume(patient)].filter((finding) => finding !== null);
  return findings.length > 0 ? findings : [ok(name, 'restart policy, schedule and time limit are as they should be')];
}

async function readRailwayFile(directory: string): Promise<RailwayFile | null> {
  try {
    return JSON.parse(await readFile(join(directory, 'railway.json'), 'utf8')) as RailwayFile;
  } catch {
    // Not there, or no JSON, which Railway itself refuses.
    return null;
  }
}

function unseen({ config, clock }: Patient): Finding {
  const cron = utcTimes(config.extraction, clock()).cron;
  return warn(
    name,
    'there is no railway.json beside the configuration, so the settings of the service cannot be seen',
    `in its settings: Restart Policy "Never", Cron Schedule "${cron}" (UTC), start command "projetus run --timeout 90m"`,
  );
}

function checkRestart({ deploy }: RailwayFile): Finding | null {
  const policy = deploy?.restartPolicyType;
  if (policy === 'NEVER') return null;
  const message = `restartPolicyType is ${policy ?? 'not set'}: a run that ends is started again at once, up to ten times, also when it was held`;
  return fail(name, message, 'set deploy.restartPolicyType to "NEVER" in railway.json');
}

function checkSchedule({ deploy }: RailwayFile, { config, clock }: Patient): Finding | null {
  const wanted = utcTimes(config.extraction, clock());
  const cron = deploy?.cronSchedule;
  const fix = `set deploy.cronSchedule to "${wanted.cron}" in railway.json: Railway counts in UTC`;
  if (cron === undefined) return fail(name, 'there is no cronSchedule: the job runs once, at each deployment', fix);
  const times = cronTimes(cron);
  if (times === null) return warn(name, `the schedule "${cron}" cannot be compared with extraction.hour`, fix);
  if (!times.includes(wanted.time))
    return fail(name, `the schedule "${cron}" (UTC) has no run at ${wanted.time} UTC, which is extraction.hour`, fix);
  if (!wanted.isSteady)
    return warn(
      name,
      `${config.extraction.timezone} changes its clocks, and Railway’s UTC does not`,
      'correct cronSchedule at each change',
    );
  return null;
}

function checkTimeout({ deploy }: RailwayFile): Finding | null {
  const command = deploy?.startCommand;
  if (command === undefined || command.includes('--timeout')) return null;
  return warn(
    name,
    'the start command has no --timeout: Railway starts no run while one hangs',
    'add --timeout 90m to deploy.startCommand',
  );
}

function checkMail({ config }: Patient): Finding | null {
  const port = config.alerting.channels.email?.smtpPort;
  if (port === undefined || !smtpPorts.includes(port)) return null;
  return warn(
    name,
    `the email channel uses port ${port}, which Railway blocks on the Free, Trial and Hobby plans`,
    'enable sendgrid or mailgun instead: they go by HTTPS',
  );
}

function checkVolume({ config, env }: Patient): Finding | null {
  if (!config.database.url.startsWith('pglite:') || env['RAILWAY_VOLUME_MOUNT_PATH'] !== undefined) return null;
  return fail(
    name,
    'the embedded database lies in the container: every deployment begins with an empty one',
    'add a PostgreSQL to the project, and set DATABASE_URL to ${{Postgres.DATABASE_URL}}',
  );
}
