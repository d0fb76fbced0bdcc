import type { Severity } from '../core/codes.ts';
import type { ChannelName } from '../config/config-file.ts';

/** One message to people: its texts are final, in the configured language and zone. Most severe item first. */
export type Digest = {
  /** Stable for a delivery: a Message-ID is made of it, so that a mail sent twice is seen as one. */
  readonly id: string;
  /** The id of the first digest of an ongoing problem: repeats are shown in its thread. */
  readonly thread: string | null;
  /** Of the worst item. */
  readonly severity: Severity;
  /** One line. */
  readonly subject: string;
  readonly items: readonly DigestItem[];
  /** Run id, version, when. */
  readonly footer: string;
};

export type DigestItem = {
  readonly severity: Severity;
  readonly code: string;
  readonly dataset: string | null;
  readonly isResolved: boolean;
  /** Begins with the dataset's name. */
  readonly title: string;
  readonly text: string;
  /** What to do. */
  readonly next: string | null;
};

/** A way to people. `send` throws DeliveryError for anything that goes wrong, an abort included. */
export type Channel = {
  readonly name: ChannelName;
  readonly send: (digest: Digest, signal: AbortSignal) => Promise<Delivered>;
};

/** What the provider answered, safe to print and to store: no secret, one line, at most 200 characters. */
export type Delivered = { readonly answer: string };

/** A message that did not get through. Its message is a safe line too; it has no cause, since causes hold secrets. */
export class DeliveryError extends Error {
  /** Another try will not help before somebody changes something. */
  readonly isPermanent: boolean;
  /** What the provider asked for. */
  readonly retryAfterMs: number | null;

  constructor(message: string, { isPermanent = false, retryAfterMs = null }: DeliveryErrorDetails = {}) {
    super(message);
    this.name = 'DeliveryError';
    this.isPermanent = isPermanent;
    this.retryAfterMs = retryAfterMs;
  }
}

type DeliveryErrorDetails = { readonly isPermanent?: boolean; readonly retryAfterMs?: number | null };
