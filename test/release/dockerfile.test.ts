import { access, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { admittedBy, commandOf, copyOf, readDockerfile, variablesOf } from '../../release/dockerfile.ts';
import { root } from '../support/code-files.ts';

const read = (file: string) => readFile(join(root, file), 'utf8');
const text = await read('Dockerfile');
const stages = readDockerfile(text);
const last = stages.at(-1)!;
const steps = stages.flatMap((stage) => stage.steps);
const admitted = admittedBy(await read('.dockerignore'));

/** The steps themselves are tried by `npm run container`. */
describe('the Dockerfile', () => {
  it('has the Node that the tests run on, by its exact version, in each stage', async () => {
    const { devDependencies } = JSON.parse(await read('package.json')) as { devDependencies: { node: string } };
    expect(stages.map(({ image }) => image)).toEqual(stages.map(() => `node:${devDependencies.node}-bookworm-slim`));
  });

  it('copies what is there and .dockerignore lets through, and all of that', async () => {
    const copied = steps.filter(({ name, flags }) => name === 'COPY' && !flags['from']).flatMap((step) => copyOf(step).sources);
    await Promise.all(copied.map((source) => access(join(root, source))));
    expect([...admitted].toSorted()).toEqual([...new Set(copied)].toSorted());
  });

  it('takes nothing else from the machine that builds it', () => {
    expect([...admitted].filter((name) => /env|secret|data|git|node_modules/.test(name))).toEqual([]);
    // ARG and ENV stay readable in the image for ever.
    expect(steps.filter(({ name }) => name === 'ARG' || name === 'ADD')).toEqual([]);
    expect(text).not.toMatch(/password|token|secret|api_key|DATABASE_URL=/i);
  });

  it('runs as nobody of importance, with production dependencies, in a time zone', () => {
    expect(last.steps.findLast(({ name }) => name === 'USER')?.rest).toBe('1000:1000');
    expect(steps.filter(({ name, rest }) => name === 'RUN' && rest.includes('npm prune --omit=dev'))).toHaveLength(1);
    expect(last.steps.filter(({ name }) => name === 'RUN')).toEqual([]);
    const env = variablesOf(last.steps.find(({ name }) => name === 'ENV')!);
    expect(env).toMatchObject({ NODE_ENV: 'production', TZ: 'America/Sao_Paulo' });
  });

  it('starts a run, and asks projetus how it is', () => {
    expect(commandOf(last.steps.findLast(({ name }) => name === 'CMD')!)).toEqual(['projetus', 'run']);
    expect(commandOf(last.steps.find(({ name }) => name === 'HEALTHCHECK')!).at(-1)).toContain('projetus health');
  });
});

describe('a .dockerignore', () => {
  it.each(['node_modules\n', '*\n!src\nsrc/secret\n', '*\n!**\n'])(
    'that does not begin by shutting everything out is refused: %o',
    (file) => {
      expect(() => admittedBy(file)).toThrow('.dockerignore');
    },
  );
});
