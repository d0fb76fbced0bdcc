import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { ProjetusError } from '../core/errors.ts';
import { inTurn } from '../core/in-turn.ts';
import type { SourceFile } from './find-sources.ts';

const chunkBytes = 1024 * 1024;

/** SHA-256 of the file on disk, 64 hex digits. `look` sees its bytes on the way, and must not keep them. */
export async function checksum(
  file: Pick<SourceFile, 'name' | 'path'>,
  signal: AbortSignal,
  look?: (bytes: Buffer) => void,
): Promise<string> {
  const digest = createHash('sha256');
  try {
    await using handle = await open(file.path);
    for await (const bytes of inTurn((buffer) => handle.read(buffer, 0, buffer.length), chunkBytes)) {
      signal.throwIfAborted();
      digest.update(bytes);
      look?.(bytes);
    }
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new ProjetusError('source-unreadable', `${file.name} cannot be read: ${(cause as Error).message}`, {
      file: file.name,
      cause,
    });
  }
  return digest.digest('hex');
}

/** A write so soon after another may leave the file's times as they were: some file systems count in steps of two seconds. */
const timeStepMs = 2_000;

/**
 * Throws `source-changed` unless the file still is what it was when the run found it. It is hashed again (0.3 s for
 * 430 MB) only when the times leave a doubt: its time of change moved, or was too young when the run started.
 */
export async function assertUnchanged(file: SourceFile, sha256: string, startedAt: Date, signal: AbortSignal): Promise<void> {
  const now = await stat(file.path).catch(() => null);
  const isUntouched = now?.ctimeMs === file.changedAtMs && file.changedAtMs + timeStepMs < startedAt.getTime();
  const isSame =
    now?.size === file.sizeBytes &&
    now.mtimeMs === file.modifiedAtMs &&
    (isUntouched || (await checksum(file, signal)) === sha256);
  if (isSame) return;
  throw new ProjetusError('source-changed', `${file.name} changed while it was read: somebody is still writing it.`, {
    hint: 'let the download end before projetus starts, or write to another name and rename at the end; then run again',
    file: file.name,
  });
}
