import type { Digest, DigestItem } from '../alert/channel.ts';
import type { Format } from '../alert/format.ts';
import { alertTitle, sayAlert, textsOf } from '../alert/say.ts';
import type { Severity } from '../core/codes.ts';
import type { OpenAlert, Plan } from './plan.ts';

/** What every digest of a run says of itself. */
export type DigestFrame = {
  readonly id: string;
  readonly language: 'pt-BR' | 'en';
  readonly format: Format;
  readonly runId: string | null;
  readonly businessDate: string | null;
  readonly pipelineVersion: string;
  readonly now: Date;
};

const severities: readonly Severity[] = ['critical', 'warning', 'info'];

/** One message of everything that people should hear now, most severe first; null when that is nothing. */
export function digestOf(plan: Pick<Plan, 'told' | 'resolved'>, extra: readonly DigestItem[], frame: DigestFrame): Digest | null {
  const told = plan.told.map(({ alert, open }) => {
    const said = sayAlert(alert, frame.language, frame.format);
    const text = open ? repeated(said.text, open, frame) : said.text;
    return { ...itemOf(alert), ...said, title: titled(alert, said.title), text };
  });
  const items = inOrder([...told, ...plan.resolved.map((open) => resolvedItem(open, frame)), ...extra]);
  if (items.length === 0) return null;
  return {
    id: frame.id,
    thread: threadOf(plan),
    severity: items.find(({ isResolved }) => !isResolved)?.severity ?? 'info',
    subject: subjectOf(items, frame),
    items,
    footer: textsOf(frame.language).frame.footer({
      run: frame.runId,
      day: frame.businessDate === null ? null : frame.format.day(frame.businessDate),
      version: frame.pipelineVersion,
      at: frame.format.moment(frame.now.toISOString()),
    }),
  };
}

function itemOf({ severity, code, dataset }: Pick<DigestItem, 'severity' | 'code' | 'dataset'>) {
  return { severity, code, dataset, isResolved: false };
}

/** A message has items of several datasets. */
function titled({ dataset }: Pick<DigestItem, 'dataset'>, title: string): string {
  return dataset === null ? title : `${dataset}: ${title}`;
}

function repeated(text: string, { firstSeenAt }: OpenAlert, { language, format }: DigestFrame): string {
  return `${text} (${textsOf(language).frame.repeated(format.moment(firstSeenAt.toISOString()))})`;
}

function resolvedItem(open: OpenAlert, { language, format }: DigestFrame): DigestItem {
  const { frame } = textsOf(language);
  const title = alertTitle(open.code, language);
  const text = frame.resolvedText(format.moment(open.firstSeenAt.toISOString()));
  return { ...itemOf(open), isResolved: true, title: titled(open, `${frame.resolved}: ${title}`), text, next: null };
}

/** Most severe first; what is resolved comes last. */
function inOrder(items: readonly DigestItem[]): DigestItem[] {
  const rank = ({ severity, isResolved }: DigestItem) => severities.indexOf(severity) + (isResolved ? severities.length : 0);
  return items.toSorted((a, b) => rank(a) - rank(b));
}

/** `[projetus] CRÍTICO: NAME: arquivo ausente (1 crítico, 2 avisos)`: what a phone shows of it says the worst. */
function subjectOf(items: readonly DigestItem[], { language }: DigestFrame): string {
  const { frame } = textsOf(language);
  const [worst] = items;
  const kind = worst!.isResolved ? '' : `${frame.severity[worst!.severity]}: `;
  const count = (severity: Severity) => items.filter((item) => item.severity === severity && !item.isResolved).length;
  const resolved = items.filter(({ isResolved }) => isResolved).length;
  const counted = frame.counted(count('critical'), count('warning'), count('info'), resolved);
  return `[projetus] ${kind}${worst!.title}${items.length > 1 ? ` (${counted})` : ''}`;
}

/** The digest that first told of the worst thing that goes on. */
function threadOf({ told, resolved }: Pick<Plan, 'told' | 'resolved'>): string | null {
  return told.find(({ open }) => open?.runId)?.open?.runId ?? resolved.find(({ runId }) => runId)?.runId ?? null;
}
