import { loadConfig } from '../config/load-config.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { reconcile } from '../reconcile/reconcile.ts';
import type { AuditLevel, ReconcileReport } from '../reconcile/report.ts';
import { pipelineVersion } from '../version.ts';
import { jsonText } from './json.ts';
import { networkOf } from './network.ts';
import { progressLine } from './progress.ts';
import { reconcileText } from './show-reconcile.ts';
import { styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

type ReconcileOptions = CommonOptions & {
  readonly run?: string;
  readonly dataset?: readonly string[];
  readonly level: AuditLevel;
};

export async function action(world: World, options: ReconcileOptions): Promise<ExitCode> {
  const report = await audit(world, options);
  show(world, options, report);
  return report.match ? exitCodes.done : exitCodes.mismatch;
}

async function audit(world: World, options: ReconcileOptions): Promise<ReconcileReport> {
  const line = progressLine(world.stderr, world.clock, Boolean(world.stderr.isTTY) && !options.quiet && !options.json);
  try {
    const version = await pipelineVersion(world.env);
    return await reconcile({
      config: await loadConfig({ path: options.config, env: world.env }),
      datasets: options.dataset ?? [],
      run: options.run ?? null,
      level: options.level,
      pipelineVersion: version,
      network: networkOf(world, version),
      clock: world.clock,
      host: world.host,
      signal: world.signal,
      connectRetryMs: 0,
      onProgress: line.show,
    });
  } finally {
    line.clear();
  }
}

function show(world: World, options: ReconcileOptions, report: ReconcileReport): void {
  if (options.json) world.stdout.write(jsonText(report));
  else if (!options.quiet || !report.match) {
    world.stdout.write(reconcileText(report, styleFor(world.stdout, world, options), Boolean(options.verbose)));
  }
}
