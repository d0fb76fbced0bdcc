import { describe, expect, it } from 'vitest';
import { ProjetusError } from '../../src/core/errors.ts';
import { parseYaml } from '../../src/config/yaml.ts';

function errorOf(text: string): ProjetusError {
  try {
    parseYaml(text, 'c.yaml');
  } catch (error) {
    if (error instanceof ProjetusError) return error;
  }
  throw new Error('no ProjetusError');
}

describe('scalars', () => {
  const cases = [
    ['2026-11-22', '2026-11-22'],
    ['on', 'on'],
    ['yes', 'yes'],
    ['012', '012'],
    ['0x1F', '0x1F'],
    ['1_000', '1_000'],
    ['NULL', 'NULL'],
    ['12:30', '12:30'],
    ['12', 12],
    ['-1.5', -1.5],
    ['true', true],
    ['True', true],
    ['null', null],
    ['~', null],
    ['', null],
    ['""', ''],
  ] as const;

  it.each(cases)('reads %s as JSON would', (text, expected) => {
    expect(parseYaml(`a: ${text}`, 'c.yaml').value).toEqual({ a: expected });
  });
});

describe('what is not YAML, or more of it than is good', () => {
  const cases = [
    ['a duplicate key', 'a: 1\nb: 2\na: 3\n', 3, 1],
    ['bad indentation', 'a:\n  b: 1\n c: 2\n', 3, 2],
    ['a list that is not closed', 'a: [1, 2\n', 2, 1],
    ['an unknown tag', 'a: !!js/function "x"\n', 1, 4],
    ['an unknown alias', 'a: *b\n', 1, 5],
    ['two documents', 'a: 1\n---\nb: 1\n', 3, 1],
    ['nesting without end', '['.repeat(1000), 1, 40],
  ] as const;

  it.each(cases)('refuses %s with its line and column', (_, text, line, column) => {
    const error = errorOf(text);
    expect(error).toMatchObject({ code: 'config-syntax', file: 'c.yaml', line, column });
    expect(error.message).toMatch(new RegExp(`^c\\.yaml:${line}:${column}: not valid YAML: .`));
  });

  it('refuses aliases that stand for billions of nodes, at once', () => {
    const levels = Array.from(
      { length: 9 },
      (_, index) => `l${index + 1}: &l${index + 1} [${Array(9).fill(`*l${index}`).join(', ')}]`,
    );
    expect(errorOf(`l0: &l0 [x]\n${levels.join('\n')}\n`)).toMatchObject({ code: 'config-syntax' });
    expect(errorOf('a: &a [*a]\n')).toMatchObject({ code: 'config-syntax' });
    expect(errorOf(`l0: &l0 [x]\nb: [${Array(101).fill('*l0').join(', ')}]\n`)).toMatchObject({ code: 'config-syntax' });
  });

  it('shows nothing of the line, which may hold a password', () => {
    for (const text of [
      'pass: *hunter2\n',
      'pass: !hunter2 x\n',
      'pass: "hunter2\n',
      'a: 1\n  pass: hunter2\n',
      'pass: [hunter2\n',
    ]) {
      const error = errorOf(text);
      expect(`${error.message} ${error.hint} ${String(error.cause)}`).not.toContain('hunter2');
    }
  });
});

describe('positions', () => {
  const text = ['a:', '  b: "x"', "  'q': [1, {c: d}]", '  e:', '  - name: p', '    n:', '  z: &n {k: 1}', '  y: *n'].join('\n');
  const cases = [
    [[], 'value', 1, 1],
    [['a'], 'key', 1, 1],
    [['a'], 'value', 2, 3],
    [['a', 'b'], 'key', 2, 3],
    [['a', 'b'], 'value', 2, 6],
    [['a', 'q'], 'key', 3, 3],
    [['a', 'q', 0], 'value', 3, 9],
    [['a', 'q', 1, 'c'], 'value', 3, 16],
    [['a', 'e', 0], 'value', 5, 5],
    [['a', 'e', 0, 'name'], 'value', 5, 11],
    // Nothing is written: its key is the nearest place.
    [['a', 'e', 0, 'n'], 'value', 6, 5],
    [['a', 'y'], 'value', 8, 6],
    // Within an alias, the place of the alias; beyond the file, of what would hold it.
    [['a', 'y', 'k'], 'value', 8, 3],
    [['a', 'e', 7, 'x'], 'value', 4, 3],
  ] as const;

  it.each(cases)('finds %j, its %s, in line %i column %i', (path, at, line, column) => {
    expect(parseYaml(text, 'c.yaml').positions.of(path, at)).toEqual({ line, column });
    expect(parseYaml(text.replaceAll('\n', '\r\n'), 'c.yaml').positions.of(path, at)).toEqual({ line, column });
  });
});
