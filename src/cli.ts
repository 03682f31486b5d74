import { hostname, userInfo } from 'node:os';
import { asked } from './inputs/flags.ts';

/** For when GitHub is down: the same phases from a terminal. It only says what GitHub would have said; the rest is the action. */
const { argv, env } = process;
const started = new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14);
const person = { user: userInfo().username, host: hostname(), started, folder: process.cwd() };
const what = asked(argv.slice(2), env, person);
if ('environment' in what) {
  Object.assign(env, what.environment);
  await import('./main.ts');
} else if ('usage' in what) {
  console.log(what.usage);
} else {
  console.error(what.wrong);
  console.error('Nothing was done. --help says more.');
  process.exitCode = 2;
}
