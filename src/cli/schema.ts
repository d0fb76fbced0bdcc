import { schemaFileText } from '../config/schema-file.ts';
import { exitCodes, type ExitCode } from '../core/exit-codes.ts';
import type { World } from './world.ts';

export async function action(world: World): Promise<ExitCode> {
  world.stdout.write(schemaFileText());
  return exitCodes.done;
}
