import { describe, expect, it } from 'vitest';
import { openProxy } from '../support/proxy.ts';
import { scriptedHttp } from '../support/scripted-http.ts';
import { createWorkspace, day, dayOne, obrasConfig } from './workspace.ts';

/** What the client sends, after which nothing passes any more and nobody is told. */
const moments = [
  { moment: 'the first question', says: 'server_version_num' },
  { moment: 'the staging', says: 'COPY ' },
  { moment: 'the end of the run', says: 'update "runs"' },
];

describe.concurrent('run --timeout', () => {
  it.each(moments)('ends a run whose database hangs at $moment, tells of it, and leaves the next one free', async ({ says }) => {
    await using http = await scriptedHttp(() => ({ status: 200 }));
    const alerting = `alerting: { webhook: { enabled: true, url: "${http.url}/hook" } }\n`;
    await using workspace = await createWorkspace(obrasConfig + alerting);
    await workspace.put(day, 'obras.csv', dayOne);
    let isHanging = false;
    await using proxy = await openProxy(workspace.databaseUrl, {
      toServer: (chunk) => {
        isHanging ||= chunk.includes(says);
        return !isHanging;
      },
      toClient: () => !isHanging,
    });
    const { code, stdout, stderr } = await workspace.projetus(['run', '--json', '--timeout', '6s'], {
      DATABASE_URL: proxy.url,
    });
    expect(isHanging).toBe(true);
    expect({ code, report: JSON.parse(stdout) as unknown }).toMatchObject({
      code: 75,
      // With an id: the report of the run itself, not that of the last resort, which knows of none.
      report: { run_id: expect.any(String) as string, status: 'failed', exit_code: 75, error: { code: 'run-timeout' } },
    });
    expect(stderr).toMatch(
      /^error \[run-timeout\] The run was ended after 6s \(--timeout\); nothing was published\.\n {2}next: /m,
    );
    expect(http.requests.map(({ body }) => body)).toEqual([expect.stringContaining('run-timeout')]);
    expect(await workspace.query("SELECT FROM pg_class WHERE relname = 'obras'")).toEqual([]);

    const next = await workspace.projetus(['run', '--json', '--timeout', '60s', '--date', day]);
    expect({ code: next.code, report: JSON.parse(next.stdout) as unknown }).toMatchObject({
      code: 0,
      report: { status: 'success' },
    });
  });
});
