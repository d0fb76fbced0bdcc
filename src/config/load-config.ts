import { hash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ProjetusError } from '../core/errors.ts';
import { canonicalJson } from './canonical-json.ts';
import { checkConfig } from './check-config.ts';
import type { Config } from './config.ts';
import { deepFreeze } from './deep-freeze.ts';
import { withDefaults } from './defaults.ts';
import { openEnvironment, type Lookup } from './environment.ts';
import { inertKeys } from './inert.ts';
import { missingVariables } from './missing-variables.ts';
import { normalize } from './normalize.ts';
import { invalidConfig } from './problems.ts';
import { configSchema } from './schema.ts';
import { withoutSecrets } from './shown-value.ts';
import { substitute, type Findings } from './substitute.ts';
import { parseYaml } from './yaml.ts';

export type LoadOptions = { readonly path: string; readonly env: Readonly<Record<string, string | undefined>> };

/**
 * Reads the configuration: YAML, then `${NAME}`, defaults, schema and the checks that no schema can make. Throws
 * config-not-found, config-syntax, config-variable-missing (all variables in one) or config-invalid (all problems in
 * one). No message holds a value of the environment.
 */
export async function loadConfig({ path, env }: LoadOptions): Promise<Config> {
  const directory = dirname(resolve(path));
  return configFromText(await readText(path), { path, directory, lookup: openEnvironment(directory, env) });
}

type TextSource = {
  /** As errors name it. */
  readonly path: string;
  readonly directory: string;
  readonly lookup: Lookup;
};

/** The configuration that a text is. Throws what `loadConfig` throws for what stands in a file. */
export function configFromText(text: string, { path, directory, lookup }: TextSource): Config {
  const document = parseYaml(text, path);
  const findings: Findings = { missing: [], problems: [], values: new Map() };
  const substitution = { lookup, findings };
  const tree = withDefaults(substitute(document.value, configSchema, substitution), configSchema, substitution);
  if (findings.missing.length > 0) throw missingVariables(findings.missing, document.positions, path);
  const checked = checkConfig(tree, document.value, findings);
  if ('problems' in checked) throw invalidConfig(checked.problems, document.positions, path);
  const config = normalize(checked.file, checked.datasets, directory, lookup);
  const digest = hash('sha256', canonicalJson(withoutSecrets(document.value)), 'hex');
  return deepFreeze({ path, hash: digest, ...config, inert: inertKeys(checked.file) });
}

/** A configuration of a thousand datasets has less; anything larger was named by mistake. */
const maxBytes = 4 * 1024 * 1024;

async function readText(path: string): Promise<string> {
  const bytes = await readBytes(path);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ProjetusError('config-syntax', `${path} is not UTF-8 text`, { hint: `save ${path} as UTF-8`, file: path });
  }
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    if ((await stat(path)).size > maxBytes) throw new Error('larger than 4 MB');
    return await readFile(path);
  } catch (cause) {
    const reason = cause instanceof Error ? ('code' in cause ? String(cause.code) : cause.message) : String(cause);
    const message = reason === 'ENOENT' ? `there is no ${path}` : `${path} cannot be read (${reason})`;
    throw new ProjetusError('config-not-found', message, {
      hint: 'name the configuration with --config FILE',
      file: path,
      cause,
    });
  }
}
