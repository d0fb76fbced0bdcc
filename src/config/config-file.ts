import type { Keywords } from '../core/dataset.ts';

/** The configuration file once substituted, filled with defaults and validated against the schema. */
export type ConfigFile = {
  readonly database: { readonly url: string; readonly schema: string; readonly distribution: 'none' | 'citus' };
  readonly alerting: {
    readonly min_severity: 'info' | 'warning' | 'critical';
    readonly language: 'pt-BR' | 'en';
    readonly repeat_hours: number;
    readonly fallback: readonly ChannelName[];
  } & ChannelFiles;
  readonly reconciliation: {
    readonly volume_tolerance_percent: number;
    readonly alert_on_mismatch: boolean;
    readonly on_volume_anomaly: 'warn' | 'hold';
    readonly volume_floor_rows: number;
  };
  readonly monitoring: {
    readonly ping_url?: string;
    readonly prometheus: { readonly enabled: boolean; readonly file: string };
    readonly openlineage?: { readonly url: string; readonly namespace: string };
  };
  readonly extraction: {
    readonly hour: number;
    readonly minute: number;
    readonly timezone: string;
    readonly weekdays: readonly Weekday[];
    readonly start_grace_minutes: number;
    readonly finish_grace_minutes: number;
    readonly raw_dir: string;
    readonly keep_raw_days: number;
    readonly download: {
      readonly sentinel_url?: string;
      readonly private_redirects: boolean;
      readonly max_mb: number;
      readonly timeout_minutes: number;
    };
    readonly files: readonly DatasetFile[];
  };
  readonly lineage: { readonly enabled: boolean; readonly track_pipeline_version: boolean; readonly retention_months: number };
  readonly retention: { readonly runs_months: number; readonly quarantine_months: number };
};

export type ChannelName = keyof ChannelFiles;

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** A channel that is not enabled may be incomplete: nothing else of it may be read. */
type Switched<Channel> = { readonly enabled: false } | ({ readonly enabled: true } & Channel);

export type ChannelFiles = {
  readonly telegram?: Switched<{
    readonly bot_token: string;
    readonly chat_id: string | number;
    readonly message_thread_id?: number;
    readonly api_url?: string;
  }>;
  readonly email?: Switched<{
    readonly smtp_host: string;
    readonly smtp_port: number;
    readonly from: string;
    readonly to: readonly string[];
    readonly user?: string;
    readonly pass?: string;
    readonly secure: 'auto' | boolean;
  }>;
  readonly sendgrid?: Switched<MailServiceFile>;
  readonly mailgun?: Switched<MailServiceFile & { readonly domain: string }>;
  readonly webhook?: Switched<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }>;
};

export type MailServiceFile = {
  readonly api_key: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly region: string;
  readonly api_url?: string;
};

export type ColumnFile = Keywords & { readonly from?: readonly string[]; readonly type: string };

export type DatasetFile = {
  readonly name: string;
  readonly entity?: string;
  readonly match: readonly string[];
  readonly url?: string;
  readonly format: {
    readonly sheet: number | string;
    readonly member: string | null;
    readonly header_row: number | 'auto';
    readonly delimiter: ';' | ',' | '\t' | '|' | 'auto';
    readonly encoding: 'utf-8' | 'windows-1252' | 'utf-16le' | 'auto';
    readonly decimal: ',' | '.' | 'auto';
    readonly footer: 'auto' | 'none';
    readonly null_values: readonly string[];
  };
  readonly snapshot: 'full' | 'delta';
  readonly key?: readonly string[] | 'content';
  readonly columns?: Readonly<Record<string, ColumnFile>>;
  readonly required_columns?: readonly string[];
  readonly required_values?: readonly string[];
  readonly unknown_columns?: 'ignore' | 'text' | 'fail';
  readonly where: Readonly<Record<string, Keywords>>;
  readonly distinct: boolean;
  readonly duplicates: 'reject' | 'first' | 'last';
  readonly max_rejected_percent: number;
  readonly on_vanish: 'mark' | 'delete' | 'ignore';
  readonly max_vanished_percent: number;
  readonly relations: readonly {
    readonly column: string;
    readonly references: string;
    readonly on_orphan: 'warn' | 'reject' | 'ignore';
  }[];
  readonly indexes: readonly (readonly string[])[];
  readonly expect: {
    readonly required: boolean;
    readonly min_rows: number;
    readonly max_age_hours: number | null;
    readonly must_change: boolean;
  };
  readonly volume_tolerance_percent: number | null;
  readonly on_volume_anomaly: 'warn' | 'hold' | null;
  readonly distribution: 'key' | 'reference';
};
