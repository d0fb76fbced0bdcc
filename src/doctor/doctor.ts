import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import { worstExitCode, type ExitCode } from '../core/exit-codes.ts';
import { checkChannels } from './checks/channels.ts';
import { checkClock } from './checks/clock.ts';
import { checkDisk } from './checks/disk.ts';
import { checkDistribution } from './checks/distribution.ts';
import { checkFileModes } from './checks/file-modes.ts';
import { checkLeftovers } from './checks/leftovers.ts';
import { checkMigrations } from './checks/migrations.ts';
import { checkNode } from './checks/node.ts';
import { checkRailway } from './checks/railway.ts';
import { checkRawDir } from './checks/raw-dir.ts';
import { checkRights } from './checks/rights.ts';
import { checkTimeZone } from './checks/time-zone.ts';
import { openPatient } from './database.ts';
import { failed, ok, type Connected, type Finding, type Patient, type Stranger } from './finding.ts';

/** `doctor --json`. A contract: only ever extended. */
export type DoctorReport = {
  schema: 'projetus.doctor/1';
  status: 'ok' | 'warnings' | 'failing';
  exit_code: ExitCode;
  pipeline_version: string;
  findings: Pick<Finding, 'name' | 'status' | 'message' | 'fix'>[];
};

type Findings = Finding | readonly Finding[];

/** A new check is one file and one line. The three lists differ in what has to be there for a check to make sense. */
const always: readonly ((stranger: Stranger) => Promise<Findings>)[] = [checkNode, checkFileModes];
const configured: readonly ((patient: Patient) => Promise<Findings>)[] = [
  checkRawDir,
  checkDisk,
  checkChannels,
  checkTimeZone,
  checkRailway,
];
const connected: readonly ((patient: Connected) => Promise<Findings>)[] = [
  checkRights,
  checkMigrations,
  checkDistribution,
  checkLeftovers,
  checkClock,
];

/** Looks at everything that a daily job needs. Writes nothing and sends nothing. */
export async function examine(stranger: Stranger, pipelineVersion: string): Promise<DoctorReport> {
  const findings = await all(always, stranger);
  const config = await loadConfig({ path: stranger.configPath, env: stranger.env }).catch(asKnown);
  if (config instanceof ProjetusError) findings.push(failed('configuration', config));
  else findings.push(ok('configuration', describe(config)), ...(await examineConfigured({ ...stranger, config })));
  return reportOf(findings, pipelineVersion);
}

async function examineConfigured(patient: Patient): Promise<Finding[]> {
  const others = all(configured, patient);
  const { finding, database } = await openPatient(patient);
  if (database === null) return [finding, ...(await others)];
  try {
    return [finding, ...(await all(connected, { ...patient, database })), ...(await others)];
  } finally {
    await database[Symbol.asyncDispose]();
  }
}

/** One after the other: those of a database share its connection. */
async function all<Subject>(checks: readonly ((subject: Subject) => Promise<Findings>)[], subject: Subject): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const check of checks) findings.push(...[await check(subject)].flat());
  return findings;
}

function describe({ path, extraction, inert }: Config): string {
  const datasets = extraction.datasets.length;
  const unused = inert.length === 0 ? '' : `; without effect: ${inert.join(', ')}`;
  return `${path} is valid: ${datasets} ${datasets === 1 ? 'dataset' : 'datasets'}${unused}`;
}

function asKnown(error: unknown): ProjetusError {
  if (error instanceof ProjetusError) return error;
  throw error;
}

function reportOf(findings: readonly Finding[], pipelineVersion: string): DoctorReport {
  const has = (status: Finding['status']) => findings.some((finding) => finding.status === status);
  return {
    schema: 'projetus.doctor/1',
    status: has('fail') ? 'failing' : has('warn') ? 'warnings' : 'ok',
    exit_code: worstExitCode(findings.map(({ exitCode }) => exitCode)),
    pipeline_version: pipelineVersion,
    findings: findings.map(({ name, status, message, fix }) => ({ name, status, message, fix })),
  };
}
