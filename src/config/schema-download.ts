import type { JsonSchema } from './json-schema.ts';

/** How the files of datasets with an `url` are fetched. */
export const downloadSchema: JsonSchema = {
  description: 'How the files of datasets with an url are fetched.',
  type: 'object',
  additionalProperties: false,
  default: {},
  properties: {
    sentinel_url: {
      title: 'an address that begins with http:// or https://',
      description: 'A small file that says when the publisher last loaded all others. Read before and after the downloads.',
      type: 'string',
      pattern: '^https?://.',
    },
    private_redirects: {
      description: 'Follow redirects of public addresses to private ones.',
      type: 'boolean',
      default: false,
    },
    max_mb: { description: 'The largest file that is fetched, in MB.', type: 'integer', minimum: 1, default: 4096 },
    timeout_minutes: {
      description: 'How long one file may take, all its tries included.',
      type: 'integer',
      minimum: 1,
      maximum: 1440,
      default: 30,
    },
  },
};
