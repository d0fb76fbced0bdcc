import { describe, expect, it } from 'vitest';
import { configOf, csv, obras } from '../run/story.ts';
import { createProject } from '../support/project.ts';
import { scriptedHttp } from '../support/scripted-http.ts';

type Posted = { subject: string; items: { code: string; resolved: boolean }[] };

describe('a month of a job that fails daily', { timeout: 120_000 }, () => {
  it('is one message a day, though it is tried twice, and one notice at its end', async () => {
    await using server = await scriptedHttp(() => ({ status: 200, body: 'ok' }));
    const alerting = `alerting: { webhook: { enabled: true, url: "${server.url}/hook" } }\n`;
    await using project = await createProject(configOf(obras()) + alerting);
    // The cron comes some seconds early or late, and once more two hours later.
    const at = (day: number, hours = 0) => {
      const moment = Date.UTC(2026, 9, 1 + day, 12 + hours, 15, (day * 37) % 60);
      return { clock: () => new Date(moment) };
    };
    await project.put('2026-10-01', 'obras.csv', csv('1;a;;;'));
    expect((await project.run(at(0))).exit_code).toBe(0);
    await project.put('2026-10-01', 'obras.csv', '');
    for (let day = 1; day <= 30; day++) {
      for (const hours of [0, 2]) expect((await project.run(at(day, hours))).exit_code).toBe(7);
    }
    await project.put('2026-11-01', 'obras.csv', csv('1;a;;;', '2;b;;;'));
    for (const day of [31, 32]) expect((await project.run(at(day))).exit_code).toBe(0);
    const posted = server.requests.map(({ body }) => JSON.parse(body) as Posted);
    const failures = posted.filter(({ items }) => items.some(({ code, resolved }) => code === 'source-empty' && !resolved));
    const ends = posted.filter(({ items }) => items.some(({ code, resolved }) => code === 'source-empty' && resolved));
    expect([failures.length, ends.length]).toEqual([30, 1]);
    expect(ends[0]!.items.filter(({ resolved }) => resolved).map(({ code }) => code)).toContain('source-empty');
    const perDay = new Map<string, number>();
    for (const { footer } of server.requests.map(({ body }) => JSON.parse(body) as { footer: string })) {
      const day = footer.match(/data (\S+)/)![1]!;
      perDay.set(day, (perDay.get(day) ?? 0) + 1);
    }
    expect(Math.max(...perDay.values())).toBe(1);
  });
});
