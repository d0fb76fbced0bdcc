import type { Channel, Digest, DigestItem } from '../alert/channel.ts';
import { createFormat } from '../alert/format.ts';
import type { Config } from '../config/config.ts';
import type { Alert } from '../core/report.ts';
import type { Database } from '../db/open-database.ts';
import { changeOperationalTables } from '../runs.ts';
import { deadlineIn, inTime, type Deadline } from './deadline.ts';
import { deliver } from './deliver.ts';
import { digestOf, type DigestFrame } from './digest.ts';
import { recordDeliveries, recordOutcome, undelivered, type Delivery, type Outcome } from './outbox.ts';
import { planTelling, type OpenAlert, type Plan } from './plan.ts';
import { lockAlerts, openAlerts, storePlan } from './state.ts';

/** By what and to whom. */
export type TellJob = {
  readonly alerting: Config['alerting'];
  readonly timezone: string;
  readonly channels: readonly Channel[];
  readonly pipelineVersion: string;
  readonly clock: () => Date;
  /** For everything together: people wait for us to end. */
  readonly budgetMs: number;
};

/** What a run has to say. */
export type Telling = {
  readonly alerts: readonly Alert[];
  /** Said once, and not remembered: that a run went well. */
  readonly extra: readonly DigestItem[];
  readonly runId: string | null;
  readonly businessDate: string | null;
  readonly mayEnd: (open: OpenAlert) => boolean;
};

/** How it went with one channel. `answer` is a safe line. */
export type Told = { readonly channel: string } & Pick<Outcome, 'status' | 'answer'>;

type Sent = { readonly delivery: Delivery; readonly outcome: Outcome };

/**
 * Tells people what they should hear, and remembers it: what is said is in the outbox before it is tried, so that a
 * run that dies here loses nothing. Without a database everything is said, and nothing remembered. Never throws.
 */
export async function tell(job: TellJob, telling: Telling, database: Database | null): Promise<Told[]> {
  const end = deadlineIn(job.budgetMs);
  const { first, fallback } = ranked(job);
  // A database that hangs leaves half of the time; one that is locked says so before (lock_timeout, 10 s).
  const queue = await remembered(job, telling, database, first, deadlineIn(job.budgetMs / 2));
  // One that did not answer in time is still at it, on this very connection.
  const memory = queue ? database : null;
  const { digest, deliveries } = queue ?? unremembered(job, telling, first);
  const sent = await sendAll(job.channels, deliveries, deadlineIn(end.remainingMs() * (fallback.length > 0 ? 0.5 : 0.9)));
  const isMissing = sent.some(({ delivery, outcome }) => delivery.digest.id === digest?.id && outcome.status !== 'sent');
  if (digest && isMissing) {
    const instead = await outbox(job, telling, memory, digest, fallback, end);
    sent.push(...(await sendAll(job.channels, instead, deadlineIn(end.remainingMs() * 0.9))));
  }
  await within(end, memory, async (trx) => {
    for (const { delivery, outcome } of sent) {
      if (delivery.id !== null && outcome.attempts > 0) await recordOutcome(trx, delivery.id, outcome, job.clock());
    }
  });
  return sent.map(({ delivery, outcome }) => ({ channel: delivery.channel, status: outcome.status, answer: outcome.answer }));
}

/** The channels that are told at once, and those for what does not get through. A fallback of nothing comes first itself. */
function ranked({ channels, alerting }: TellJob): { first: string[]; fallback: string[] } {
  const names = channels.map(({ name }) => name);
  const first = names.filter((name) => !alerting.fallback.includes(name));
  return first.length === 0 ? { first: names, fallback: [] } : { first, fallback: names.filter((name) => !first.includes(name)) };
}

type Queue = { readonly digest: Digest | null; readonly deliveries: readonly Delivery[] };

async function remembered(
  job: TellJob,
  telling: Telling,
  database: Database | null,
  channels: readonly string[],
  end: Deadline,
): Promise<Queue | null> {
  return within(end, database, async (trx, schema) => {
    await lockAlerts(trx, schema);
    const now = job.clock();
    const plan = planTelling(telling.alerts, await openAlerts(trx), telling.mayEnd, job.alerting, now);
    await storePlan(trx, plan, telling.runId, now);
    const old = await undelivered(trx, now);
    const digest = digestFor(job, telling, plan, now);
    const fresh = digest ? await recordDeliveries(trx, digest, channels, telling.runId, now) : [];
    return { digest, deliveries: [...fresh, ...old] };
  });
}

function unremembered(job: TellJob, telling: Telling, channels: readonly string[]): Queue {
  const now = job.clock();
  const plan = planTelling(telling.alerts, [], () => false, job.alerting, now);
  const digest = digestFor(job, telling, plan, now);
  return { digest, deliveries: digest ? channels.map((channel) => ({ id: null, channel, digest })) : [] };
}

function digestFor(job: TellJob, telling: Telling, plan: Plan, now: Date): Digest | null {
  const frame: DigestFrame = {
    // A run has one digest; what is said outside of runs goes by its moment.
    id: telling.runId ?? now.toISOString(),
    language: job.alerting.language,
    format: createFormat(job.alerting.language, job.timezone),
    runId: telling.runId,
    businessDate: telling.businessDate,
    pipelineVersion: job.pipelineVersion,
    now,
  };
  return digestOf(plan, telling.extra, frame);
}

/** The same digest for channels that are tried after the others. */
async function outbox(
  job: TellJob,
  telling: Telling,
  database: Database | null,
  digest: Digest,
  channels: readonly string[],
  end: Deadline,
): Promise<Delivery[]> {
  const kept = await within(end, database, (trx) => recordDeliveries(trx, digest, channels, telling.runId, job.clock()));
  return kept ?? channels.map((channel) => ({ id: null, channel, digest }));
}

/** Each channel sends what is its own, one after the other; channels do not wait for each other. */
async function sendAll(channels: readonly Channel[], deliveries: readonly Delivery[], deadline: Deadline): Promise<Sent[]> {
  const names = new Set(deliveries.map(({ channel }) => channel));
  const sent = [...names].map(async (name) => {
    const channel = channels.find((candidate) => candidate.name === name);
    const outcomes: Sent[] = [];
    for (const delivery of deliveries.filter((candidate) => candidate.channel === name)) {
      outcomes.push({ delivery, outcome: channel ? await deliver(channel, delivery.digest, deadline) : unconfigured });
    }
    return outcomes;
  });
  return (await Promise.all(sent)).flat();
}

/** What an earlier run could not send, to a channel that is no longer there. */
const unconfigured: Outcome = { status: 'failed', attempts: 1, answer: 'the channel is no longer configured' };

type Transaction = Parameters<Parameters<typeof changeOperationalTables>[1]>[0];

/** Null when there is no database, or none that answers in time: an alert is worth more than the memory of it. */
async function within<Answer>(
  end: Deadline,
  database: Database | null,
  change: (trx: Transaction, schema: string) => Promise<Answer>,
): Promise<Answer | null> {
  if (!database) return null;
  const done = changeOperationalTables(database, (trx) => change(trx, database.schema)).catch(() => null);
  return inTime(end, done);
}
