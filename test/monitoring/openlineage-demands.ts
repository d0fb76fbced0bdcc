import { Ajv2020 as Ajv, type AnySchema } from 'ajv/dist/2020.js';

/**
 * What the specification demands, in words of our own: OpenLineage 2-0-2, and the facets in the versions that events
 * name. Its JSON Schemas (https://openlineage.io/spec, Apache-2.0) are no part of this project and come in no npm package;
 * this was written from those in its repository, of which some are a patch version older, and from the required fields of
 * the clients that are generated from these. They leave events open to more; this does not, where a name that they do not
 * have would be a slip of ours.
 */
const uri = { type: 'string', pattern: '^https://[^\\s]+$' };
const text = { type: 'string' };
const whole = { type: 'integer' };

const shape = (required: readonly string[], properties: Readonly<Record<string, AnySchema>>) => ({
  type: 'object',
  required,
  properties,
});

/** `BaseFacet`, and what one facet adds to it. */
const facet = (version: string, name: string, required: readonly string[], properties: Readonly<Record<string, AnySchema>>) => ({
  ...shape(['_producer', '_schemaURL', ...required], {
    ...properties,
    _producer: uri,
    _schemaURL: { const: `https://openlineage.io/spec/facets/${version}/${name}.json#/$defs/${name}` },
  }),
  additionalProperties: false,
});

/** Only facets that the specification has: one of our own would need a prefix and a schema of its own. */
const facets = (properties: Readonly<Record<string, AnySchema>>) => ({ ...shape([], properties), additionalProperties: false });

const field = shape(['name'], { name: text, type: text, description: text });

const columnMetric = {
  ...shape([], {
    nullCount: whole,
    distinctCount: whole,
    sum: { type: 'number' },
    count: { type: 'number' },
    min: { type: 'number' },
    max: { type: 'number' },
    quantiles: { type: 'object', additionalProperties: { type: 'number' } },
  }),
  additionalProperties: false,
};

const dataset = { namespace: text, name: text };

const runEvent = {
  ...shape(['eventTime', 'producer', 'schemaURL', 'run', 'job'], {
    eventType: { enum: ['START', 'RUNNING', 'COMPLETE', 'ABORT', 'FAIL', 'OTHER'] },
    eventTime: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$' },
    producer: uri,
    schemaURL: { const: 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent' },
    run: shape(['runId'], {
      runId: { type: 'string', pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' },
      facets: facets({
        processing_engine: facet('1-1-1', 'ProcessingEngineRunFacet', ['version'], {
          version: text,
          name: text,
          openlineageAdapterVersion: text,
        }),
        errorMessage: facet('1-0-1', 'ErrorMessageRunFacet', ['message', 'programmingLanguage'], {
          message: text,
          programmingLanguage: text,
          stackTrace: text,
        }),
      }),
    }),
    job: shape(['namespace', 'name'], {
      namespace: text,
      name: text,
      facets: facets({
        jobType: facet('2-0-3', 'JobTypeJobFacet', ['processingType', 'integration'], {
          processingType: text,
          integration: text,
          jobType: text,
        }),
      }),
    }),
    inputs: {
      type: 'array',
      items: shape(['namespace', 'name'], {
        ...dataset,
        inputFacets: facets({
          dataQualityMetrics: facet('1-0-2', 'DataQualityMetricsInputDatasetFacet', ['columnMetrics'], {
            rowCount: whole,
            bytes: whole,
            fileCount: whole,
            columnMetrics: { type: 'object', additionalProperties: columnMetric },
          }),
          dataQualityAssertions: facet('1-0-1', 'DataQualityAssertionsDatasetFacet', ['assertions'], {
            assertions: {
              type: 'array',
              items: shape(['assertion', 'success'], { assertion: text, success: { type: 'boolean' }, column: text }),
            },
          }),
        }),
      }),
    },
    outputs: {
      type: 'array',
      items: shape(['namespace', 'name'], {
        ...dataset,
        facets: facets({ schema: facet('1-1-1', 'SchemaDatasetFacet', [], { fields: { type: 'array', items: field } }) }),
        outputFacets: facets({
          outputStatistics: facet('1-0-2', 'OutputStatisticsOutputDatasetFacet', ['rowCount'], {
            rowCount: whole,
            size: whole,
            fileCount: whole,
          }),
        }),
      }),
    },
  }),
  additionalProperties: false,
};

const validate = new Ajv({ allErrors: true, strict: false }).compile(runEvent);

/** What is wrong with an event: nothing of a valid one. */
export function wrongWith(event: unknown): string[] {
  return validate(event) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
