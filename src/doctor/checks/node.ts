import { packageFile } from '../../setup/package-file.ts';
import { fail, ok, type Finding, type Stranger } from '../finding.ts';

/** What `engines` of package.json asks for: `>=24`. */
export async function checkNode({ nodeVersion }: Stranger): Promise<Finding> {
  const { engines } = JSON.parse(await packageFile('package.json')) as { engines: { node: string } };
  const needed = Number(/\d+/.exec(engines.node)![0]);
  if (Number.parseInt(nodeVersion, 10) >= needed) return ok('node', `Node ${nodeVersion}`);
  return fail(
    'node',
    `Node ${nodeVersion} is too old: ${needed} or later is needed`,
    `install Node ${needed} (https://nodejs.org)`,
  );
}
