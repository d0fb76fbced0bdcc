import { describe, expect, it } from 'vitest';
import { configOf, obras } from '../run/story.ts';
import { projetus } from '../support/command.ts';
import { createProject } from '../support/project.ts';

describe.each(['postgres', 'pglite'] as const)('on %s', (engine) => {
  it('an open alert is listed with its number, and is known to somebody from then on', async () => {
    await using project = await createProject(configOf(obras()), engine);
    expect(await projetus(project, 'run')).toMatchObject({ code: 7 });
    const listed = await projetus(project, 'alerts list');
    expect(listed).toMatchObject({ code: 0, stderr: '' });
    expect(listed.stdout).toMatch(/^ +1 .*source-missing/m);
    const { alerts } = JSON.parse((await projetus(project, 'alerts list --json')).stdout) as { alerts: object[] };
    expect(alerts).toMatchObject([{ id: '1', status: 'open', acked_at: null }]);
    expect(await projetus(project, 'alerts ack 2')).toMatchObject({ code: 2 });
    expect(await projetus(project, 'alerts ack 1')).toMatchObject({ code: 0, stdout: '1 alert will not be repeated\n' });
    expect((await projetus(project, 'alerts list')).stdout).toContain('test@test');
  });
});
