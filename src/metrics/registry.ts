import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Of seconds: a run of all datasets takes a minute or two. A contract, with the names of the first three metrics. */
const buckets = [10, 30, 60, 120, 300];

type Labels = Readonly<Record<string, string>>;

/** Numbers by their labels. */
export type Sample = { readonly labels: Labels; readonly value: number };

/** One metric of the page. Without samples it is left out: a zero would be a claim. */
export type Metric = { readonly name: string; readonly help: string } & (
  | { readonly type: 'counter' | 'gauge'; readonly samples: readonly Sample[] }
  | { readonly type: 'histogram'; readonly labels: Labels; readonly observed: readonly number[] }
);

/** The metrics as Prometheus reads them. */
export async function exposition(metrics: readonly Metric[]): Promise<string> {
  const registry = new Registry();
  for (const metric of metrics) register(registry, metric);
  return registry.metrics();
}

export const contentType = Registry.PROMETHEUS_CONTENT_TYPE;

function register(registry: Registry, metric: Metric): void {
  const { name, help } = metric;
  const registers = [registry];
  if (metric.type === 'histogram') {
    const histogram = new Histogram({ name, help, registers, buckets, labelNames: Object.keys(metric.labels) });
    for (const value of metric.observed) histogram.observe(metric.labels, value);
    return;
  }
  if (metric.samples.length === 0) return;
  const labelNames = Object.keys(metric.samples[0]!.labels);
  if (metric.type === 'counter') {
    const counter = new Counter({ name, help, registers, labelNames });
    for (const { labels, value } of metric.samples) counter.inc(labels, value);
    return;
  }
  const gauge = new Gauge({ name, help, registers, labelNames });
  for (const { labels, value } of metric.samples) gauge.set(labels, value);
}
