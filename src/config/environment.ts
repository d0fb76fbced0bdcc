import { readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { ProjetusError } from '../core/errors.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/** A variable: its value, or why there is none. */
export type Lookup = (name: string) => { readonly value: string } | { readonly reason: string };

/** A secret or an .env of a person has some KB; a log file named by mistake must not be read. */
const maxBytes = 1024 * 1024;

/**
 * Looks in the real environment, then in `.env` beside the configuration. In each, NAME comes before NAME_FILE, the
 * file that holds the value. An empty value is as good as none: a copied .env.example is full of them.
 */
export function openEnvironment(directory: string, env: Variables): Lookup {
  const layers = [env, readDotEnv(directory)];
  return (name) => {
    for (const layer of layers) {
      const value = layer[name];
      if (value !== undefined) return value === '' ? { reason: 'is empty' } : { value };
      const file = layer[`${name}_FILE`];
      if (file !== undefined && file !== '') return readSecret(`${name}_FILE`, resolve(directory, file));
    }
    return { reason: 'is not set' };
  };
}

function readDotEnv(directory: string): Variables {
  const path = join(directory, '.env');
  try {
    return parseEnv(readSmall(path));
  } catch (cause) {
    if (reasonOf(cause) === 'ENOENT') return {};
    throw new ProjetusError('config-invalid', `${path} cannot be read (${reasonOf(cause)})`, {
      hint: 'correct its permissions, or remove it',
      file: path,
      cause,
    });
  }
}

function readSecret(variable: string, path: string): ReturnType<Lookup> {
  try {
    const value = readSmall(path).replace(/\r?\n$/, '');
    return value === '' ? { reason: `is empty in the file that ${variable} names` } : { value };
  } catch (cause) {
    return { reason: `is in no file: ${variable} names one that cannot be read (${reasonOf(cause)})` };
  }
}

function readSmall(path: string): string {
  if (statSync(path).size > maxBytes) throw new Error('larger than 1 MB');
  return readFileSync(path, 'utf8');
}

function reasonOf(cause: unknown): string {
  if (cause instanceof Error) return 'code' in cause ? String(cause.code) : cause.message;
  return String(cause);
}
