import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import program from '../../rolldown.config.ts';

const folder = fileURLToPath(new URL('../../.built-for-tests', import.meta.url));

/** What end-to-end tests start: the program as the package has it, of the sources as they are now. */
export const builtProgram: string = `${folder}/bin/projetus.js`;

/** Takes half a second, and each of a thousand processes needs 0.2 s of CPU less than from its 300 sources. */
export async function buildProgram(): Promise<void> {
  await build({ ...program, output: { ...program.output, dir: folder } });
}
