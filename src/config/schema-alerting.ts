import type { JsonSchema } from './json-schema.ts';

const address: JsonSchema = { title: 'an e-mail address', type: 'string', pattern: '^[^@\\s][^@]*@[^@\\s]+$' };
const addresses: JsonSchema = { title: 'a list of e-mail addresses', type: 'array', items: address };
const webAddress: JsonSchema = {
  title: 'an address that begins with http:// or https://',
  type: 'string',
  pattern: '^https?://.',
};
const text: JsonSchema = { type: 'string', minLength: 1 };
const apiUrl: JsonSchema = { ...webAddress, description: 'Another address of the service: one of your own, or a proxy.' };

const telegram = channel('Messages by a Telegram bot.', ['bot_token', 'chat_id'], {
  bot_token: { ...text, description: 'The token that @BotFather gave.' },
  chat_id: {
    title: 'the number or @name of a chat',
    description: 'The chat to write to.',
    type: ['string', 'integer'],
    minLength: 1,
  },
  message_thread_id: { description: 'The topic within the chat.', type: 'integer', minimum: 1 },
  api_url: apiUrl,
});

const email = channel('E-mail by SMTP.', ['smtp_host', 'from', 'to'], {
  smtp_host: { ...text, description: 'The name of the mail server.' },
  smtp_port: { description: 'Its port.', type: 'integer', minimum: 1, maximum: 65535, default: 587 },
  from: { ...address, description: 'The sender.' },
  to: { ...addresses, description: 'The receivers.' },
  user: { ...text, description: 'The user name, when the server wants one.', default: '${EMAIL_USER}' },
  pass: { ...text, description: 'The password.', default: '${EMAIL_PASS}' },
  secure: {
    title: 'auto, true or false',
    description:
      'TLS from the first byte; auto: on port 465. Else STARTTLS is required, except without a password to this machine or with false.',
    type: ['boolean', 'string'],
    pattern: '^auto$',
    default: 'auto',
  },
});

const sendgrid = channel('E-mail by SendGrid.', ['api_key', 'from', 'to'], {
  api_key: { ...text, description: 'The API key.', default: '${SENDGRID_API_KEY}' },
  from: { ...address, description: 'The sender.' },
  to: { ...addresses, description: 'The receivers.' },
  region: { description: 'Where the account lives.', type: 'string', enum: ['global', 'eu'], default: 'global' },
  api_url: apiUrl,
});

const mailgun = channel('E-mail by Mailgun.', ['api_key', 'domain', 'from', 'to'], {
  api_key: { ...text, description: 'The API key.', default: '${MAILGUN_API_KEY}' },
  domain: { ...text, description: 'The sending domain.' },
  from: { ...address, description: 'The sender.' },
  to: { ...addresses, description: 'The receivers.' },
  region: { description: 'Where the account lives.', type: 'string', enum: ['us', 'eu'], default: 'us' },
  api_url: apiUrl,
});

const webhook = channel('A POST of JSON to an address of yours.', ['url'], {
  url: { ...webAddress, description: 'The address.' },
  headers: {
    description: 'Headers to send with it.',
    type: 'object',
    additionalProperties: { type: 'string' },
    default: {},
  },
});

export const alertingSchema: JsonSchema = {
  description: 'Whom to tell, and about what.',
  type: 'object',
  additionalProperties: false,
  default: {},
  properties: {
    min_severity: {
      description: 'Alerts below this are not sent.',
      type: 'string',
      enum: ['info', 'warning', 'critical'],
      default: 'warning',
    },
    language: { description: 'The language of alerts.', type: 'string', enum: ['pt-BR', 'en'], default: 'pt-BR' },
    repeat_hours: { description: 'An open alert is sent again after this.', type: 'number', exclusiveMinimum: 0, default: 24 },
    telegram,
    email,
    sendgrid,
    mailgun,
    webhook,
    fallback: {
      description: 'Channels that are tried when the others fail.',
      type: 'array',
      items: { type: 'string', enum: ['telegram', 'email', 'sendgrid', 'mailgun', 'webhook'] },
      uniqueItems: true,
      default: ['email'],
    },
  },
};

export const monitoringSchema: JsonSchema = {
  description: 'What watches over projetus.',
  type: 'object',
  additionalProperties: false,
  default: {},
  properties: {
    ping_url: {
      ...webAddress,
      description: 'A healthchecks-compatible address that every run pings.',
      default: '${HEALTHCHECKS_URL}',
    },
    prometheus: {
      description: 'Metrics for the textfile collector of node_exporter.',
      type: 'object',
      additionalProperties: false,
      default: {},
      properties: {
        enabled: { description: 'Write the file after every run.', type: 'boolean', default: '${PROMETHEUS_ENABLED:-false}' },
        file: { ...text, description: 'The file.', default: 'data/metrics/projetus.prom' },
      },
    },
    openlineage: {
      description: 'Run events for an OpenLineage server.',
      type: 'object',
      additionalProperties: false,
      required: ['url'],
      properties: {
        url: {
          title: 'an address that begins with http://, https:// or file:',
          description: 'The address of a server, or file:PATH for a file that gets a line for each event.',
          type: 'string',
          pattern: '^(https?://|file:).',
        },
        namespace: { ...text, description: 'The namespace of jobs and datasets.', default: 'projetus' },
      },
    },
  },
};

/** A channel that is not enabled may be incomplete, so that a template can name variables that nobody set. */
function channel(description: string, required: readonly string[], properties: Record<string, JsonSchema>): JsonSchema {
  return {
    description,
    type: 'object',
    additionalProperties: false,
    properties: { enabled: { description: 'Use this channel.', type: 'boolean', default: false }, ...properties },
    if: { properties: { enabled: { const: true } }, required: ['enabled'] },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema; nobody awaits a schema
    then: { required, ...(properties['to'] === undefined ? {} : { properties: { to: { ...addresses, minItems: 1 } } }) },
  };
}
