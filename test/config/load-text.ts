import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { ProjetusError } from '../../src/core/errors.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** The smallest configuration. */
export const minimal = 'extraction: { files: [{ name: coisas, key: [id] }] }\n';

/** Loads a configuration of this text, in a folder of its own that may hold other files. */
export async function loadText(
  text: string | Uint8Array,
  env: Env = {},
  files: Readonly<Record<string, string>> = {},
): Promise<Config> {
  const directory = mkdtempSync(join(tmpdir(), 'projetus-config-'));
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
    writeFileSync(join(directory, 'config.yaml'), text);
    return await loadConfig({ path: join(directory, 'config.yaml'), env });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** The error that a text ends in; its message shows the file as `config.yaml`. */
export async function errorOf(text: string | Uint8Array, env: Env = {}, files: Readonly<Record<string, string>> = {}) {
  try {
    await loadText(text, env, files);
  } catch (error) {
    if (!(error instanceof ProjetusError)) throw error;
    const folder = `${dirname(error.file ?? '')}/`;
    const { code, line, column } = error;
    return { code, line, column, message: error.message.replaceAll(folder, ''), hint: error.hint?.replaceAll(folder, '') ?? '' };
  }
  throw new Error('the configuration was accepted');
}
