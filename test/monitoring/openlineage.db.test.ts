import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import type { RunReport } from '../../src/core/report.ts';
import { lineageEvent } from '../../src/monitoring/openlineage-event.ts';
import { emitLineage } from '../../src/monitoring/openlineage.ts';
import { failedReport } from '../../src/run/report.ts';
import { configOf, csv, obras, story } from '../run/story.ts';
import { scriptedHttp } from '../support/scripted-http.ts';
import { wrongWith } from './openlineage-demands.ts';
import { noProxies } from '../support/no-proxies.ts';

const never = new AbortController().signal;
const about = (signal = never) => ({
  network: { userAgent: 'projetus/test', timeoutMs: 1_000, ca: null, proxies: noProxies },
  hostname: 'casa',
  signal,
});
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

/** Of a run that read nothing. */
const minimal = failedReport(new Error('x'), '1', new Date('2026-11-22T12:15:00Z'));
const context = { namespace: 'a', store: { namespace: 'pglite', prefix: 'public' }, datasets: [], filesNamespace: 'file://casa' };

describe('the demands on an event', () => {
  it.each([
    ['without a run', { run: undefined }, " must have required property 'run'"],
    [
      'with a facet of nobody',
      { job: { namespace: 'a', name: 'b', facets: { ours: {} } } },
      '/job/facets must NOT have additional properties',
    ],
    ['of an unknown type', { eventType: 'END' }, '/eventType must be equal to one of the allowed values'],
    ['with a runId that is no UUID', { run: { runId: 'r1' } }, /^\/run\/runId must match pattern/],
    [
      'with rows that are no number',
      { outputs: [{ namespace: 'a', name: 'b', outputFacets: { outputStatistics: { rowCount: '1' } } }] },
      '/outputs/0/outputFacets/outputStatistics/rowCount must be integer',
    ],
  ])('are not met %s', (_, change, problem) => {
    const event = { ...lineageEvent('START', minimal, context), ...change };
    expect(wrongWith(lineageEvent('START', minimal, context))).toEqual([]);
    expect(wrongWith(JSON.parse(JSON.stringify(event)))).toContainEqual(expect.stringMatching(problem));
  });
});

describe('OpenLineage', () => {
  it('events of a run begin and end it, with schema, statistics and quality', async () => {
    const { done, config, dispose } = await runs();
    await using server = await scriptedHttp(() => ({ status: 201 }));
    const set = await config(server.url);
    for (const type of ['START', 'COMPLETE'] as const)
      expect(await emitLineage(type, done, set, about())).toEqual({ reason: null });
    const [start, end] = server.requests.map(({ body }) => JSON.parse(body) as Record<string, unknown>);
    expect(server.requests[0]!.path).toBe('/api/v1/lineage');
    for (const event of [start, end]) expect(wrongWith(event)).toEqual([]);
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
    expect(wrongWith(event)).toEqual([]);
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
