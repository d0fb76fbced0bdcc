import { openChannels } from '../alert/channels/open-channels.ts';
import type { Channel } from '../alert/channel.ts';
import { loadConfig } from '../config/load-config.ts';
import { ProjetusError } from '../core/errors.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import { tryChannels, type TriedChannel } from '../tell/try-channels.ts';
import { pipelineVersion } from '../version.ts';
import { jsonText } from './json.ts';
import { networkOf } from './network.ts';
import { printable, styleFor } from './style.ts';
import type { CommonOptions, World } from './world.ts';

type TestOptions = CommonOptions & { readonly channel?: readonly string[] };

export async function action(world: World, options: TestOptions): Promise<ExitCode> {
  const config = await loadConfig({ path: options.config, env: world.env });
  const version = await pipelineVersion(world.env);
  const channels = chosen(openChannels(config.alerting.channels, networkOf(world, version)), options.channel);
  const tried = await tryChannels(channels, {
    language: config.alerting.language,
    timezone: config.extraction.timezone,
    pipelineVersion: version,
    now: world.clock(),
  });
  show(world, options, tried);
  return exitCodeOf(tried);
}

function chosen(channels: readonly Channel[], names: readonly string[] | undefined): readonly Channel[] {
  const enabled = channels.map(({ name }) => name as string);
  if (enabled.length === 0) {
    throw new ProjetusError('usage', 'No channel is enabled.', {
      hint: 'set alerting.telegram.enabled (or that of email, sendgrid, mailgun, webhook) to true in the configuration',
    });
  }
  const unknown = names?.find((name) => !enabled.includes(name));
  if (unknown !== undefined) {
    throw new ProjetusError('usage', `The channel ${unknown} is not enabled.`, { hint: `enabled are: ${enabled.join(', ')}` });
  }
  return channels.filter(({ name }) => names === undefined || names.includes(name));
}

function show(world: World, options: TestOptions, tried: readonly TriedChannel[]): void {
  if (options.json) return void world.stdout.write(jsonText({ schema: 'projetus.alerts-test/1', channels: tried }));
  const chalk = styleFor(world.stdout, world, options);
  for (const { channel, status, answer } of tried) {
    const mark = status === 'sent' ? chalk.green('✓') : chalk.red('✗');
    const wasSent = status === 'sent' ? 'sent' : status === 'pending' ? 'not sent, may work later' : 'refused';
    world.stdout.write(`${mark} ${channel}: ${wasSent}: ${printable(answer)}\n`);
  }
}

/** A refusal is for somebody to mend; the rest may pass. */
function exitCodeOf(tried: readonly TriedChannel[]): ExitCode {
  if (tried.some(({ status }) => status === 'failed')) return exitCodes.usage;
  return tried.some(({ status }) => status === 'pending') ? exitCodes.unavailable : exitCodes.done;
}
