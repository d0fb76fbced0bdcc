import { openChannels } from '../../src/alert/channels/open-channels.ts';
import type { Channels } from '../../src/config/config.ts';
import type { Alert } from '../../src/core/report.ts';
import { openDatabase, type Database } from '../../src/db/open-database.ts';
import { tell, type Told, type Telling, type TellJob } from '../../src/tell/tell.ts';
import { createProject, type Project } from '../support/project.ts';
import { configOf, csv, obras } from '../run/story.ts';
import { noProxies } from '../support/no-proxies.ts';

export const noChannels: Channels = { telegram: null, email: null, sendgrid: null, mailgun: null, webhook: null };

export function failure(part: Partial<Alert> = {}): Alert {
  const message = 'No file matches the dataset obras.';
  const facts = { message, hint: 'put it there', file: null, line: null };
  return { severity: 'critical', code: 'source-missing', dataset: 'obras', subject: null, message, facts, ...part };
}

export type Teller = {
  readonly project: Project;
  readonly database: Database;
  /** How it was opened. */
  readonly opening: Parameters<typeof openDatabase>[0];
  /** Tells these alerts at this hour, counted from 2026-11-01 12:15 UTC. */
  readonly at: (hours: number, alerts: readonly Alert[], more?: Partial<TellJob & Telling>, by?: Database) => Promise<Told[]>;
  readonly deliveries: () => Promise<Record<string, unknown>[]>;
  readonly alerts: () => Promise<Record<string, unknown>[]>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

/** A database that has seen one run, and a voice of these channels. */
export async function createTeller(channels: Partial<Channels>, fallback: TellJob['alerting']['fallback'] = []): Promise<Teller> {
  const project = await createProject(configOf(obras()));
  await project.put('2026-11-01', 'obras.csv', csv('1;a;;;'));
  await project.run({ date: '2026-11-01' });
  const opening = {
    url: project.databaseUrl,
    schema: 'public',
    host: { pid: process.pid, hostname: 'test', user: 'test', isAlive: () => true },
    signal: new AbortController().signal,
    retryMs: 0,
    onRetry: () => undefined,
  };
  const database = await openDatabase(opening);
  const all: Channels = { ...noChannels, ...channels };
  const alerting = { minSeverity: 'warning', language: 'pt-BR', repeatHours: 24, channels: all, fallback } as const;
  return {
    project,
    opening,
    database,
    at: (hours, alerts, more = {}, by = database) => {
      const now = new Date(Date.parse('2026-11-01T12:15:00Z') + hours * 3_600_000);
      const network = { userAgent: 'projetus/test', timeoutMs: 1_000, ca: null, proxies: noProxies };
      const job = {
        alerting,
        timezone: 'America/Sao_Paulo',
        channels: openChannels(all, network),
        pipelineVersion: '0.0.0+test',
      };
      const telling = { alerts, extra: [], runId: `run-${hours}`, businessDate: '2026-11-01', mayEnd: () => true };
      return tell({ ...job, clock: () => now, budgetMs: 15_000, ...more }, { ...telling, ...more }, by);
    },
    deliveries: () => project.query('SELECT channel, status, attempts, answer FROM alert_deliveries ORDER BY id'),
    alerts: () => project.query('SELECT fingerprint, severity, status, run_id FROM alerts ORDER BY id'),
    [Symbol.asyncDispose]: async () => {
      await database[Symbol.asyncDispose]();
      await project[Symbol.asyncDispose]();
    },
  };
}
