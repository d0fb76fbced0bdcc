import { build } from 'rolldown';
import program from '../rolldown.config.ts';

/** The command of rolldown prints a line for each of a hundred files, in the middle of a new user's `npm ci`. */
await build(program);
