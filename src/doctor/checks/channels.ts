import { channelEndpoints, httpEndpoint } from '../../alert/channels/endpoints.ts';
import { exitCodes } from '../../core/exit-codes.ts';
import { unreachable } from '../../net/reach.ts';
import { fail, ok, warn, type Finding, type Patient } from '../finding.ts';

const timeoutMs = 5_000;

/** Connects to every channel that is enabled and to what watches the runs, and hangs up: nothing is sent. */
export async function checkChannels({ config, ca }: Patient): Promise<Finding[]> {
  const { pingUrl, openlineage } = config.monitoring;
  const endpoints = [
    ...channelEndpoints(config.alerting.channels),
    ...(pingUrl === null ? [] : [httpEndpoint('ping_url', pingUrl)]),
    ...(openlineage === null ? [] : [httpEndpoint('openlineage', openlineage.url)]),
  ];
  const reached = await Promise.all(
    endpoints.map(async (endpoint): Promise<Finding> => {
      const reason = await unreachable(endpoint, ca, timeoutMs);
      if (reason === null) return ok(endpoint.name, 'can be reached; projetus alerts test sends a message');
      return fail(endpoint.name, `cannot be reached: ${reason}`, adviceFor(endpoint.name, reason), exitCodes.unavailable);
    }),
  );
  const isSilent = Object.values(config.alerting.channels).every((channel) => channel === null);
  return isSilent ? [nobody(), ...reached] : reached;
}

function adviceFor(name: string, reason: string): string {
  if (reason.includes('certificate'))
    return 'let the server have a valid certificate; behind a proxy that reads along, NODE_EXTRA_CA_CERTS names its';
  if (name === 'email')
    return 'check EMAIL_SMTP_HOST and EMAIL_SMTP_PORT; many hosts block outgoing mail: then use sendgrid or mailgun';
  return 'check its address in the configuration, and whether a firewall lets connections out';
}

function nobody(): Finding {
  return warn(
    'channels',
    'no channel is enabled: nobody is told when a run fails',
    'set `enabled: true` for one under alerting, then projetus alerts test',
  );
}
