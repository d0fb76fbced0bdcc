import { readFile } from 'node:fs/promises';
import { fileHead } from '../parse/file-bytes.ts';
import { sniff, SNIFF_BYTES } from '../parse/sniff.ts';
import { openZip, readWhole } from '../parse/zip.ts';
import { safeLine } from '../net/safe-line.ts';
import { download, type Endurance } from './download.ts';
import type { Transfer } from './exchange.ts';
import { discardPart } from './part.ts';

/** The one that we know has 150 to 178 bytes. */
export const maxSentinelBytes = 1024 * 1024;

/**
 * What the publisher's sentinel file says: when all files were last loaded. Read before and after the others, it tells
 * whether they were replaced meanwhile, so that some are of yesterday. One line, safe to show.
 */
export async function readSentinel(transfer: Transfer, endurance: Endurance): Promise<string> {
  try {
    const { path } = await download(transfer, endurance);
    return safeLine(await textOf({ path, name: transfer.order.name }), []);
  } finally {
    await discardPart(transfer.part);
  }
}

async function textOf(file: { path: string; name: string }): Promise<string> {
  const content = sniff(await fileHead(file, SNIFF_BYTES), file.name, 'auto');
  if (content !== 'zip') return readFile(file.path, 'utf8');
  await using zip = await openZip(file);
  const texts: string[] = [];
  for (const entry of zip.entries) texts.push((await readWhole(zip, entry, maxSentinelBytes)).toString());
  return texts.join(' ');
}
