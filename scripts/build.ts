import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { licensesOf } from './licenses.ts';

/**
 * Without any tsconfig.json: one above the folder would change what comes out. Names of classes and functions are not kept:
 * what keeps them also keeps what nobody uses.
 */
const HOW = ['--tsconfig-raw={}', '--minify', '--platform=node', '--target=node24', '--log-level=warning'];

/** The libraries that others use as well, which ncc finds. */
const SHARED = ['@azure-rest/*', '@azure/core-*', '@azure/logger', '@azure/abort-controller'];

/**
 * What libraries load for ways to sign in that are never used, and the files of it: a browser, what signs with a certificate, another copy
 * of the library for tokens, and the HTTP client, by far the largest part, of a toolkit whose `getIDToken` nobody calls.
 */
const UNUSED = [
  ['@azure/identity', 'open', ['index.js']],
  ['@azure/msal-node', 'jsonwebtoken', ['index.js']],
  ['tedious', '@azure/identity', ['index.js']],
  ['@actions/core', '@actions/http-client', ['index.js', 'lib/auth.js']],
] as const;

/**
 * `npm run build`: compiles src, bundles it into a folder (default `dist`) with the licences of what is in it, and minifies the
 * chunks, which ncc leaves as they are: half the bytes that every job of a user downloads and parses.
 */
export function build(folder: string): void {
  run('npm', ['run', '--silent', 'compile']);
  // Of a library behind a dynamic import ncc keeps all, and esbuild a seventh: what is used.
  const web = 'lib/azure/web-operations.js';
  const shared = SHARED.map((name) => `--external:${name}`);
  const taken = 'lib/web-operations.json';
  run('esbuild', [
    ...[web, '--bundle', '--format=esm', ...shared, ...HOW],
    ...['--allow-overwrite', `--outfile=${web}`, `--metafile=${taken}`],
  ]);
  rmSync('lib/node_modules', { recursive: true, force: true });
  for (const [name, unused, files] of UNUSED) leaveOut(name, unused, files);
  rmSync(folder, { recursive: true, force: true });
  const stats = 'lib/stats.json';
  run('ncc', ['build', 'lib/main.js', '--out', folder, '--minify', '--quiet', '--stats-out', stats]);
  const bundled = [JSON.parse(readFileSync(stats, 'utf8')), { modules: inputsIn(taken) }];
  writeFileSync(join(folder, 'licenses.txt'), licensesOf({ modules: bundled }));
  // Without GitHub: it sets the environment and then runs the action's own bundle.
  const cli = join(folder, 'cli.js');
  run('esbuild', ['lib/cli.js', '--bundle', '--external:./main.js', '--format=esm', ...HOW, `--outfile=${cli}`]);
  writeFileSync(cli, readFileSync(cli, 'utf8').replace('"./main.js"', '"./index.js"'));
  const chunks = readdirSync(folder).filter((name) => /^\d+\.index\.js$/.test(name));
  run('esbuild', [...chunks.map((name) => join(folder, name)), ...HOW, '--allow-overwrite', `--outdir=${folder}`]);
}

/** The files that esbuild took, by its `--metafile`. */
function inputsIn(metafile: string): readonly { readonly name: string }[] {
  return Object.keys(JSON.parse(readFileSync(metafile, 'utf8')).inputs).map((name) => ({ name }));
}

/** A copy of a package beside the compiled sources, where they find it first, with an empty package in place of an unused one. */
function leaveOut(name: string, unused: string, files: readonly string[]): void {
  const copy = join('lib/node_modules', name);
  cpSync(join('node_modules', name), copy, { recursive: true });
  const empty = join(copy, 'node_modules', unused);
  mkdirSync(empty, { recursive: true });
  writeFileSync(join(empty, 'package.json'), '{ "main": "index.js" }');
  for (const file of files) {
    mkdirSync(dirname(join(empty, file)), { recursive: true });
    writeFileSync(join(empty, file), '');
  }
}

function run(command: string, parameters: readonly string[]): void {
  execFileSync(command, parameters, { stdio: 'inherit' });
}

if (import.meta.main) build('dist');
