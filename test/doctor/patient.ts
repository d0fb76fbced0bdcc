import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examine, type DoctorReport } from '../../src/doctor/doctor.ts';
import type { Stranger } from '../../src/doctor/finding.ts';
import type { Network } from '../../src/net/http.ts';
import { noProxies } from '../support/no-proxies.ts';

const datasets = `
extraction:
  files:
    - name: obras
      match: ['*obras*']
      key: [id]
      columns: { id: { from: [ID] }, valor: { from: [VALOR], type: "decimal(18,2)" } }
`;

export type Ward = {
  readonly folder: string;
  readonly write: (name: string, text: string) => Promise<void>;
  /** `doctor` on the folder's config.yaml; the findings by name. */
  readonly doctor: (env?: Stranger['env'], other?: Partial<Stranger>) => Promise<Seen>;
  readonly [Symbol.asyncDispose]: () => Promise<void>;
};

export type Seen = { readonly report: DoctorReport; readonly of: (name: string) => DoctorReport['findings'] };

export const network: Network = { userAgent: 'projetus/test', timeoutMs: 1_000, ca: null, proxies: noProxies };

/** A folder with a configuration of one dataset, raw files for it, and `more` behind it. */
export async function ward(more = ''): Promise<Ward> {
  const folder = await mkdtemp(join(tmpdir(), 'projetus-doctor-'));
  await mkdir(join(folder, 'data/raw/2026-11-20'), { recursive: true });
  await writeFile(join(folder, 'data/raw/2026-11-20/obras.csv'), 'ID;VALOR\n1;2,00\n');
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write('config.yaml', `database: { url: "\${DATABASE_URL:-pglite:data/db}" }\n${datasets}${more}`);
  const doctor: Ward['doctor'] = async (env = {}, other = {}) => {
    const stranger: Stranger = {
      configPath: join(folder, 'config.yaml'),
      env,
      nodeVersion: '24.21.0',
      host: { pid: process.pid, hostname: 'test', user: 'test', isAlive: () => true },
      clock: () => new Date(),
      machineZone: 'UTC',
      network,
      signal: new AbortController().signal,
      ...other,
    };
    const report = await examine(stranger, '0.0.0+test');
    return { report, of: (name) => report.findings.filter((finding) => finding.name === name) };
  };
  return { folder, write, doctor, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}
