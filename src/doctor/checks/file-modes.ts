import { dirname, join, resolve } from 'node:path';
import { modeOf, writableByAll } from '../../config/writable-by-others.ts';
import { ok, warn, type Finding, type Stranger } from '../finding.ts';

const [usableByOthers, sticky] = [0o007, 0o1000];

/**
 * Who may write the configuration says where the data go, and what is run against the database. Group rights are the
 * owner's business: many systems give every user a group of their own.
 */
export async function checkFileModes({ configPath }: Stranger): Promise<Finding[]> {
  const path = resolve(configPath);
  const secrets = join(dirname(path), '.env');
  const [config, folder, env] = await Promise.all([path, dirname(path), secrets].map(modeOf));
  const findings: Finding[] = [];
  if (config! & writableByAll)
    findings.push(warn('permissions', `every user of this machine may write ${configPath}`, `chmod o-w ${path}`));
  if (folder! & writableByAll && !(folder! & sticky))
    findings.push(
      warn('permissions', `every user of this machine may replace files beside ${configPath}`, `chmod o-w ${dirname(path)}`),
    );
  if (env! & usableByOthers)
    findings.push(warn('permissions', 'every user of this machine may read the secrets in .env', `chmod 600 ${secrets}`));
  return findings.length > 0 ? findings : [ok('permissions', 'only those who should may write the configuration')];
}
