import type { ExitCode } from '../core/exit-codes.ts';
import { examine, type DoctorReport } from '../doctor/doctor.ts';
import { pipelineVersion } from '../version.ts';
import { jsonText } from './json.ts';
import { networkOf } from './network.ts';
import { printable, styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

export async function action(world: World, options: CommonOptions): Promise<ExitCode> {
  const { env, host, clock, signal, nodeVersion } = world;
  const version = await pipelineVersion(env);
  const machineZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const network = networkOf(world, version);
  const report = await examine(
    { configPath: options.config, env, nodeVersion, host, clock, machineZone, network, signal },
    version,
  );
  if (options.json) world.stdout.write(jsonText(report));
  else world.stdout.write(doctorText(world, options, report));
  return report.exit_code;
}

/** A line for each finding, and below it how to mend it. Quiet: what is well is left out. */
function doctorText(world: World, options: CommonOptions, { findings, status }: DoctorReport): string {
  const chalk = styleFor(world.stdout, world, options);
  const marks = { ok: chalk.green('✓'), warn: chalk.yellow('!'), fail: chalk.red('✗') };
  const shown = findings.filter((finding) => !options.quiet || finding.status !== 'ok');
  const width = Math.max(0, ...shown.map(({ name }) => name.length));
  const lines = shown.flatMap(({ name, status, message, fix }) => [
    ...linesOf(message, `${marks[status]} ${name.padEnd(width)}  `, ' '.repeat(width + 4)),
    ...(fix === null ? [] : linesOf(fix, `${' '.repeat(width + 4)}${chalk.dim('fix:')} `, ' '.repeat(width + 9))),
  ]);
  const verdict = { ok: 'All is ready.', warnings: 'Ready, with warnings.', failing: 'Not ready: mend what is marked with ✗.' }[
    status
  ];
  if (!options.quiet || status !== 'ok') lines.push(verdict);
  return lines.map((line) => `${line}\n`).join('');
}

/** A message may have several lines, those of a configuration's problems. */
function linesOf(text: string, first: string, others: string): string[] {
  return text.split('\n').map((line, index) => `${index === 0 ? first : others}${printable(line)}`);
}
