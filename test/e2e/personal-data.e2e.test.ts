import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedHttp, type ScriptedHttp } from '../support/scripted-http.ts';
import { createWorkspace, obrasConfig, type Workspace } from './workspace.ts';

/** A person: a cpf that is right and one that is not, a name, an address. */
const cpf = '529.982.247-25';
const wrongCpf = '111.222.333-99';
const name = 'Maria Canária';
const mail = 'maria@canaria.example';
const canaries = [cpf, wrongCpf, '52998224725', '11122233399', name, 'Canária', mail, 'maria%40', 'canaria.example'];

function config({ url }: ScriptedHttp): string {
  const columns = `
        dono: { from: [CPF], format: cpf }
        email: { from: [EMAIL] }`;
  const people = `    - name: pessoas
      key: [email]
      columns:
        email: { from: [EMAIL] }
`;
  return `${obrasConfig.trimEnd()}${columns}
      required_columns: [id, valor, nome, email]
      relations: [{ column: email, references: pessoas.email, on_orphan: warn }]
${people}
alerting:
  min_severity: info
  repeat_hours: 0.00001
  telegram: { enabled: true, bot_token: "1:x", chat_id: "2", api_url: "${url}" }
  webhook: { enabled: true, url: "${url}/hook" }
monitoring:
  ping_url: "${url}/ping"
  prometheus: { enabled: true, file: data/metrics/projetus.prom }
  openlineage: { url: "${url}/lineage" }
`;
}

const header = 'ID_OBRA;VALOR;NOME;CPF;EMAIL';
const well = [1, 2, 3, 4, 5].map((id) => `${id};10,50;${name};${cpf};${mail}`);
const file = (...lines: readonly string[]) => `${lines.join('\n')}\n`;

/** What each day brings, and how its run ends. */
const days: readonly [what: string, obras: string, code: number][] = [
  ['all is well', file(header, ...well), 0],
  ['a wrong cpf and an address among the numbers', file(header, ...well, `6;${mail};${name};${wrongCpf};x`), 5],
  ['nothing but orphans', file(header, ...well.map((line) => `${line}.br`)), 5],
  [
    'an orphan, and values that changed',
    file(header, ...well.map((line) => line.replace(name, `${name} Filha`)), `6;1;x;;x${mail}`),
    0,
  ],
  ['two rows with one key', file(header, ...well, `5;1;Outra ${name};;${mail}`), 5],
  ['rows of another length, and a quote that goes on', file(header, ...well, `6;"${name}" x;${mail}`, `7;${cpf}`), 5],
  ['no header: the first person stands in its place', file(...well), 7],
  ['damaged text', file(header, ...well.map((line) => line.replace('á', '\uFFFD'))), 0],
  ['a total that is a person', file(header, ...well, `;99,00;${name};${cpf};${mail}`), 0],
];

// Nine runs, one after the other.
describe('the data of a person', { timeout: 600_000 }, () => {
  it('are in no message, ping, event, metric or remembered alert, whatever is wrong with them', async () => {
    await using server = await scriptedHttp(({ path }) =>
      path.startsWith('/bot') ? { status: 200, body: '{"ok":true,"result":{"message_id":1}}' } : { status: 200, body: 'OK' },
    );
    await using workspace = await createWorkspace(config(server));
    for (const [index, [what, obras, code]] of days.entries()) {
      const day = `2026-11-${10 + index}`;
      await workspace.put(day, 'pessoas.csv', file('EMAIL', mail, `${index}@x.example`));
      await workspace.put(day, 'obras.csv', obras);
      const before = server.requests.length;
      const ended = await workspace.projetus(['run', '--date', day]);
      expect.soft(ended.code, `${what}:\n${ended.stdout}${ended.stderr}`).toBe(code);
      const said = [...server.requests.slice(before).map(({ path, body }) => `${path}\n${body}`), ...(await kept(workspace))];
      expect.soft(said.length, what).toBeGreaterThan(6);
      const leaks = said.filter((text) => canaries.some((canary) => decoded(text).includes(canary)));
      expect.soft(leaks, what).toEqual([]);
    }
  });
});

/** JSON escapes letters that are not ASCII in some writers. */
function decoded(text: string): string {
  return text.replaceAll(/\\u([0-9a-f]{4})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));
}

async function kept(workspace: Workspace): Promise<string[]> {
  const rows = await workspace.query('SELECT a::text AS row FROM alerts a UNION ALL SELECT d::text FROM alert_deliveries d');
  return [...rows.map(({ row }) => String(row)), await readFile(join(workspace.folder, 'data/metrics/projetus.prom'), 'utf8')];
}
