import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { ProjetusError } from '../core/errors.ts';
import type { SourceFile } from './find-sources.ts';

/** SHA-256 of the file on disk, 64 hex digits. */
export async function checksum(file: SourceFile, signal: AbortSignal): Promise<string> {
  const digest = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file.path, { highWaterMark: 1024 * 1024, signal })) digest.update(chunk as Buffer);
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new ProjetusError('source-unreadable', `${file.name} cannot be read: ${(cause as Error).message}`, {
      file: file.name,
      cause,
    });
  }
  return digest.digest('hex');
}

/** Throws `source-changed` unless the file still is what it was when the run found it. */
export async function assertUnchanged(file: SourceFile, sha256: string, signal: AbortSignal): Promise<void> {
  const now = await stat(file.path).catch(() => null);
  const isSame = now?.size === file.sizeBytes && now.mtimeMs === file.modifiedAtMs && (await checksum(file, signal)) === sha256;
  if (isSame) return;
  throw new ProjetusError('source-changed', `${file.name} changed while it was read: somebody is still writing it.`, {
    hint: 'let the download end before projetus starts, or write to another name and rename at the end; then run again',
    file: file.name,
  });
}
