import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { RunReport } from '../../src/core/report.ts';
import { emitLineage } from '../../src/monitoring/openlineage.ts';
import { configOf, csv, obras, story } from '../run/story.ts';
import { scriptedHttp } from '../support/scripted-http.ts';

const never = new AbortController().signal;
const about = (signal = never) => ({
  network: { userAgent: 'projetus/test', timeoutMs: 1_000, ca: null },
  hostname: 'casa',
  signal,
});
const uri = /^https:\/\/[^\s]+$/;

/** What the specification 2-0-2 demands of every run event, and of every facet in it. */
function assertValid(event: Record<string, unknown>): void {
  expect(event).toMatchObject({
    eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/),
    producer: expect.stringMatching(uri),
    schemaURL: expect.stringMatching(/RunEvent$/),
    run: { runId: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) },
    job: { namespace: expect.any(String), name: expect.any(String) },
    inputs: expect.any(Array),
    outputs: expect.any(Array),
  });
  expect(['START', 'COMPLETE', 'FAIL']).toContain(event['eventType']);
  for (const dataset of [...(event['inputs'] as object[]), ...(event['outputs'] as object[])])
    expect(dataset).toMatchObject({ namespace: expect.any(String), name: expect.any(String) });
  for (const facet of facetsOf(event))
    expect(facet).toMatchObject({ _producer: expect.stringMatching(uri), _schemaURL: expect.stringMatching(uri) });
}

function facetsOf(value: unknown): object[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    /facets$/i.test(name)
      ? Object.values(inner as object).filter((facet): facet is object => typeof facet === 'object')
      : facetsOf(inner),
  );
}

async function configured(project: { folder: string; databaseUrl: string }, url: string): Promise<Config> {
  const config = await loadConfig({ path: join(project.folder, 'config.yaml'), env: { DATABASE_URL: project.databaseUrl } });
  return { ...config, monitoring: { ...config.monitoring, openlineage: { url, namespace: 'consultoria' } } };
}

async function runs(): Promise<{
  done: RunReport;
  failed: RunReport;
  config: (url: string) => Promise<Config>;
  folder: string;
  dispose: () => Promise<void>;
}> {
  const days = await story(configOf(obras()));
  const { run: done } = await days.day(csv('1;a;1,50;2025;', '2;;2;2025;'));
  const { run: failed } = await days.day('');
  const { project } = days;
  return {
    done,
    failed,
    folder: project.folder,
    config: (url) => configured(project, url),
    dispose: () => days[Symbol.asyncDispose](),
  };
}

describe('OpenLineage', () => {
  it('events of a run begin and end it, with schema, statistics and quality', async () => {
    const { done, config, dispose } = await runs();
    await using server = await scriptedHttp(() => ({ status: 201 }));
    const set = await config(server.url);
    for (const type of ['START', 'COMPLETE'] as const)
      expect(await emitLineage(type, done, set, about())).toEqual({ reason: null });
    const [start, end] = server.requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(server.requests[0]!.path).toBe('/api/v1/lineage');
    for (const event of [start!, end!]) assertValid(event);
    expect(start).toMatchObject({
      eventType: 'START',
      inputs: [],
      outputs: [],
      job: { namespace: 'consultoria', name: 'projetus.run' },
    });
    expect(start!['run']).toMatchObject({ runId: (end!['run'] as { runId: string }).runId });
    const columnMetrics = { nome: { count: 1, nullCount: 1 }, valor: { count: 2, nullCount: 0 } };
    expect(end).toMatchObject({
      eventType: 'COMPLETE',
      inputs: [
        {
          namespace: 'file://casa',
          name: 'obras.csv',
          inputFacets: {
            dataQualityMetrics: { rowCount: 2, columnMetrics },
            dataQualityAssertions: {
              assertions: [
                { assertion: 'every_row_accounted_for', success: true },
                { assertion: 'usual_volume', success: true },
              ],
            },
          },
        },
      ],
      outputs: [
        {
          namespace: expect.stringMatching(/^postgres:\/\/[^@/]+:\d+$/),
          name: expect.stringMatching(/^test_\w+\.public\.obras$/),
          facets: { schema: { fields: expect.arrayContaining([{ name: 'valor', type: 'decimal' }]) } },
          outputFacets: { outputStatistics: { rowCount: 2 } },
        },
      ],
    });
    await dispose();
  });

  it('tells a failure with its error, and what was not written as no output', async () => {
    const { failed, config, folder, dispose } = await runs();
    expect(await emitLineage('FAIL', failed, await config('file:data/lineage.ndjson'), about())).toEqual({ reason: null });
    const lines = (await readFile(join(folder, 'data/lineage.ndjson'), 'utf8')).trim().split('\n');
    const event = JSON.parse(lines[0]!) as Record<string, unknown>;
    assertValid(event);
    expect(event).toMatchObject({
      eventType: 'FAIL',
      outputs: [],
      run: { facets: { errorMessage: { message: expect.stringMatching(/^source-empty: /), programmingLanguage: 'TypeScript' } } },
    });
    await dispose();
  });

  it.each([
    ['that refuses', { status: 403, body: 'no token' }],
    ['that hangs', 'hang'],
    ['that cuts the connection', 'reset'],
  ] as const)('changes no run when it is a server %s', async (_, reaction) => {
    const { done, config, dispose } = await runs();
    await using server = await scriptedHttp(() => ({ status: 201 }));
    server.script.push(reaction);
    const address = server.url.replace('//', '//user:s3cr3t-canary@');
    const { reason } = await emitLineage(
      'COMPLETE',
      done,
      await config(`${address}/?key=s3cr3t-canary`),
      about(AbortSignal.timeout(500)),
    );
    expect(reason).toMatch(/^the OpenLineage event was not taken/);
    expect(reason).not.toContain('s3cr3t');
    await dispose();
  });

  it('says when its file cannot be written', async () => {
    const { done, config, dispose } = await runs();
    const { reason } = await emitLineage('COMPLETE', done, await config('file:config.yaml/x'), about());
    expect(reason).toMatch(/EEXIST|ENOTDIR/);
    await dispose();
  });
});
