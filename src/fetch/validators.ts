import type { Arriving } from '../net/download.ts';
import { isHeaderText } from './ledger.ts';

type Headers = Arriving['headers'];

/** What a server says of this version of a file; null for what it does not say, or says in a way that cannot be sent back. */
export function validatorsOf(headers: Headers): { etag: string | null; lastModified: string | null } {
  return { etag: sendable(headers['etag']), lastModified: sendable(headers['last-modified']) };
}

function sendable(text: string | undefined): string | null {
  return text !== undefined && isHeaderText(text) ? text : null;
}

/** A date counts seconds: within this time a file may have been replaced under the same date (RFC 9110, 8.8.2.2). */
const dateStepMs = 60_000;

/** What proves that two pieces are of the very same version: a strong ETag, else a date that has settled. */
export function strongValidator(headers: Headers): string | null {
  const { etag, lastModified } = validatorsOf(headers);
  if (etag !== null && !etag.startsWith('W/')) return etag;
  const ageMs = Date.parse(headers['date'] ?? '') - Date.parse(lastModified ?? '');
  return ageMs >= dateStepMs ? lastModified : null;
}

/** The moment of `Last-Modified`; null when there is none, or when it is no date. */
export function modifiedAt(lastModified: string | null): Date | null {
  const moment = new Date(lastModified ?? Number.NaN);
  return Number.isNaN(moment.getTime()) ? null : moment;
}

/** `bytes 5-9/10`: where a piece begins, and the size of the whole file, if it says so. */
export function pieceOf(headers: Headers): { start: number; size: number | null } | null {
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(headers['content-range'] ?? '');
  return match && { start: Number(match[1]), size: match[3] === '*' ? null : Number(match[3]) };
}

/** Bytes that are announced; null when they are not. */
export function lengthOf(headers: Headers): number | null {
  const text = headers['content-length'] ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}
