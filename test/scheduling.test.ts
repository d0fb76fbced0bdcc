import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config/load-config.ts';
import { cronTimes, utcTimes } from '../src/doctor/utc-schedule.ts';
import { root } from './support/code-files.ts';

const file = (name: string) => readFile(join(root, name), 'utf8');
const { extraction } = await loadConfig({ path: join(root, 'config.yaml'), env: {} });
const [crontab, service, timer, compose, envExample, dockerfile] = await Promise.all(
  [
    'crontab.example',
    'systemd/projetus.service',
    'systemd/projetus.timer',
    'docker-compose.yml',
    '.env.example',
    'project/Dockerfile',
  ].map(file),
);
const railway = JSON.parse(await file('railway.json')) as { deploy: Record<string, string> };
const two = (number: number) => String(number).padStart(2, '0');
const local = `${two(extraction.hour)}:${two(extraction.minute)}`;
const { time: utc, isSteady } = utcTimes(extraction, new Date('2026-11-22T12:00:00Z'));

/** The lines of the crontab that start a run: in use, and as a comment. */
const lines = crontab!.split('\n').filter((line) => /^#?\d.*projetus run/.test(line));
const inUse = lines.filter((line) => !line.startsWith('#'));
const forUtc = lines.filter((line) => line.startsWith('#')).map((line) => line.slice(1));

describe('the shipped schedules agree with extraction of config.yaml:', () => {
  it('its hour in UTC is the same all through the year', () => {
    expect({ local, utc, isSteady }).toEqual({ local: '09:15', utc: '12:15', isSteady: true });
  });

  it('crontab.example in its time zone', () => {
    expect(inUse).toHaveLength(1);
    expect(crontab).toContain(`\nCRON_TZ=${extraction.timezone}\n${inUse[0]}\n`);
    expect(cronTimes(inUse[0]!)![0]).toBe(local);
  });

  it('crontab.example in UTC, for a cron that knows no zone, at the same moments', () => {
    expect(forUtc).toHaveLength(1);
    expect(cronTimes(forUtc[0]!)![0]).toBe(utc);
    const shifted = cronTimes(inUse[0]!)!.map(
      (time) => utcTimes({ ...extraction, hour: Number(time.slice(0, 2)) }, new Date()).time,
    );
    expect(cronTimes(forUtc[0]!)).toEqual(shifted);
    const command = (line: string) => line.replace(/^(\S+ ){5}/, '');
    expect(command(forUtc[0]!)).toBe(command(inUse[0]!));
  });

  it('railway.json in UTC', () => {
    expect(cronTimes(railway.deploy['cronSchedule']!)).toEqual(cronTimes(forUtc[0]!));
  });

  it('the timer of systemd in its time zone', () => {
    const times = [...timer!.matchAll(/^OnCalendar=\*-\*-\* (\d\d:\d\d):00 (\S+)$/gm)];
    expect(times.map(([, time]) => time)).toEqual(cronTimes(inUse[0]!));
    expect(new Set(times.map(([, , zone]) => zone))).toEqual(new Set([extraction.timezone]));
  });
});

describe('the shipped schedules', () => {
  it('bound every run, so that one that hangs does not keep the next one from starting', () => {
    const commands = [...inUse, ...forUtc, railway.deploy['startCommand'], service, dockerfile];
    for (const command of commands) expect(command).toMatch(/run"?,? "?--timeout"?,? "?90m/);
    const pauseMinutes = (Number(cronTimes(inUse[0]!)![1]!.slice(0, 2)) - extraction.hour) * 60;
    expect(pauseMinutes).toBeGreaterThan(90);
  });

  it('let Railway never start a run again that has ended', () => {
    expect(railway.deploy['restartPolicyType']).toBe('NEVER');
  });

  it('let cron lock, keep a log, mail what failed, and look at the health', () => {
    for (const line of [...inUse, ...forUtc]) {
      expect(line).toContain('flock -n ');
      expect(line).toMatch(/>>\S+\.log 2>&1 \|\| tail /);
      // cron takes a percent sign for the end of the line.
      expect(line).not.toContain('%');
    }
    expect(crontab).toMatch(/^PATH=/m);
    expect(crontab).toMatch(/^\d.*projetus health --quiet$/m);
  });

  it('offer the database that .env.example names', () => {
    const url = new URL(/^#DATABASE_URL=(.*)$/m.exec(envExample!)![1]!);
    expect(compose).toContain(`POSTGRES_USER: ${url.username}`);
    expect(compose).toContain(`POSTGRES_PASSWORD: ${url.password}`);
    expect(compose).toContain(`POSTGRES_DB: ${url.pathname.slice(1)}`);
    expect(compose).toContain(`'127.0.0.1:${url.port}:5432'`);
  });

  it.skipIf(!existsSync('/usr/bin/systemd-analyze'))('are valid to systemd', () => {
    const units = ['projetus.service', 'projetus.timer'].map((name) => join(root, 'systemd', name));
    expect(execFileSync('/usr/bin/systemd-analyze', ['verify', '--man=no', ...units], { encoding: 'utf8', stdio: 'pipe' })).toBe(
      '',
    );
  });
});

describe('the times of a cron expression', () => {
  it.each([
    ['15 12 * * *', ['12:15']],
    ['5,35 9,11 * * *', ['09:05', '09:35', '11:05', '11:35']],
    ['*/5 * * * *', null],
    ['15 9-17 * * *', null],
    ['@daily', null],
    ['', null],
  ])('of "%s" are %j', (expression, times) => {
    expect(cronTimes(expression)).toEqual(times);
  });

  it('move with the clocks of a zone that has summer time', () => {
    expect(utcTimes({ ...extraction, timezone: 'Europe/Lisbon' }, new Date('2026-01-10T00:00:00Z'))).toMatchObject({
      time: local,
      isSteady: false,
    });
  });
});
