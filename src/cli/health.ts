import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { readAddress, type Address } from '../health/address.ts';
import { keptFor } from '../health/kept-for.ts';
import { healthExitCodes, healthOf } from '../health/health.ts';
import { lookout, type HealthJob } from '../health/lookout.ts';
import { pipelineVersion } from '../version.ts';
import { tellBug } from './bug.ts';
import { jsonText } from './json.ts';
import { healthText } from './show-health.ts';
import { styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

/** However many probes come, the database is asked no more often. */
const lookMs = 5_000;

type HealthOptions = CommonOptions & { readonly serve?: string; readonly metrics?: boolean };

export async function action(world: World, options: HealthOptions): Promise<ExitCode> {
  if (options.metrics && (options.json || options.serve !== undefined))
    throw new ProjetusError('usage', '--metrics goes with neither --json nor --serve.', {
      hint: 'health --metrics prints them; health --serve serves them as /metrics',
    });
  const address = options.serve === undefined ? null : readAddress(options.serve);
  const config = await loadConfig({ path: options.config, env: world.env });
  const version = await pipelineVersion(world.env);
  if (address) return serveHealth(world, config, version, address);
  return options.metrics ? printMetrics(world, config, version) : printHealth(world, config, version, options);
}

async function printHealth(world: World, config: Config, version: string, options: HealthOptions): Promise<ExitCode> {
  const report = healthOf(await lookout(job(world, config, false))(), version);
  if (options.json) world.stdout.write(jsonText(report));
  else if (!options.quiet || report.status !== 'healthy')
    world.stdout.write(healthText(report, styleFor(world.stdout, world, options), Boolean(options.quiet)));
  return healthExitCodes[report.status];
}

async function printMetrics(world: World, config: Config, version: string): Promise<ExitCode> {
  const { healthMetrics } = await import('../metrics/health-metrics.ts');
  const seen = await lookout(job(world, config, true))();
  world.stdout.write(await healthMetrics(seen, healthOf(seen, version)));
  return exitCodes.done;
}

async function serveHealth(world: World, config: Config, version: string, address: Address): Promise<ExitCode> {
  const { serve, textPage } = await import('../health/serve.ts');
  const { healthMetrics, metricsType } = await import('../metrics/health-metrics.ts');
  const look = keptFor(lookMs, lookout(job(world, config, true)));
  await serve({
    address,
    signal: world.signal,
    pages: {
      '/health': async () => {
        const report = healthOf(await look(), version);
        return { status: report.status === 'unhealthy' ? 503 : 200, contentType: 'application/json', text: jsonText(report) };
      },
      '/live': async () => textPage(200, 'alive'),
      '/metrics': async () => {
        const seen = await look();
        return { status: 200, contentType: metricsType, text: await healthMetrics(seen, healthOf(seen, version)) };
      },
    },
    onListening: (url) => world.stdout.write(`listening on ${url} (/health, /live, /metrics)\n`),
    onFailure: (error) => tellBug(world.stderr, error),
  });
  return exitCodes.done;
}

function job({ host, clock, signal }: World, config: Config, withTally: boolean): HealthJob {
  return { config, host, clock, signal, withTally };
}
