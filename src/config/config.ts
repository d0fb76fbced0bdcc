import type { Dataset } from '../core/dataset.ts';
import type { ChannelName, Weekday } from './config-file.ts';

/** The configuration as the program uses it: complete, checked and frozen. */
export type Config = {
  /** As it was asked for. */
  readonly path: string;
  /** The folder of the file, absolute: what relative paths are relative to. */
  readonly directory: string;
  /** SHA-256 of what the file says, 64 hex digits; no secret goes into it. */
  readonly hash: string;
  readonly database: {
    /** `postgres://…`, or `pglite:` with an absolute folder. */
    readonly url: string;
    readonly schema: string;
    readonly distribution: 'none' | 'citus';
  };
  readonly alerting: {
    readonly minSeverity: 'info' | 'warning' | 'critical';
    readonly language: 'pt-BR' | 'en';
    readonly repeatHours: number;
    readonly channels: Channels;
    readonly fallback: readonly ChannelName[];
  };
  readonly reconciliation: {
    readonly volumeTolerancePercent: number;
    readonly alertOnMismatch: boolean;
    readonly onVolumeAnomaly: 'warn' | 'hold';
    readonly volumeFloorRows: number;
  };
  readonly monitoring: {
    readonly pingUrl: string | null;
    /** `file` is absolute. */
    readonly prometheus: { readonly enabled: boolean; readonly file: string };
    readonly openlineage: { readonly url: string; readonly namespace: string } | null;
  };
  readonly extraction: {
    readonly hour: number;
    readonly minute: number;
    readonly timezone: string;
    readonly weekdays: readonly Weekday[];
    readonly startGraceMinutes: number;
    readonly finishGraceMinutes: number;
    /** Absolute. */
    readonly rawDir: string;
    readonly keepRawDays: number;
    readonly download: {
      readonly sentinelUrl: string | null;
      readonly mayRedirectInside: boolean;
      readonly maxBytes: number;
      /** For one file, all its tries included. */
      readonly timeoutMs: number;
    };
    readonly datasets: readonly Dataset[];
  };
  readonly lineage: { readonly enabled: boolean; readonly trackPipelineVersion: boolean; readonly retentionMonths: number };
  readonly retention: { readonly runsMonths: number; readonly quarantineMonths: number };
  /** Keys that are set and have no effect. */
  readonly inert: readonly string[];
};

/** Channels that are enabled; the others are null. */
export type Channels = {
  readonly telegram: {
    readonly botToken: string;
    readonly chatId: string;
    readonly messageThreadId: number | null;
    readonly apiUrl: string | null;
  } | null;
  readonly email: {
    readonly smtpHost: string;
    readonly smtpPort: number;
    readonly from: string;
    readonly to: readonly string[];
    readonly user: string | null;
    readonly pass: string | null;
    readonly secure: 'auto' | boolean;
  } | null;
  readonly sendgrid: MailService | null;
  readonly mailgun: (MailService & { readonly domain: string }) | null;
  readonly webhook: { readonly url: string; readonly headers: Readonly<Record<string, string>> } | null;
};

export type MailService = {
  readonly apiKey: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly region: string;
  readonly apiUrl: string | null;
};
