import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Without any tsconfig.json: one above the folder would change what comes out.
const HOW = [
  '--tsconfig-raw={}',
  '--minify',
  '--keep-names',
  '--platform=node',
  '--target=node24',
  '--log-level=warning',
];

/**
 * `npm run build`: compiles src, bundles it into a folder (default `dist`), and minifies the chunks, which ncc leaves as they
 * are: half the bytes that every job of a user downloads and parses.
 */
export function build(folder: string): void {
  run('npm', ['run', '--silent', 'compile']);
  rmSync(folder, { recursive: true, force: true });
  run('ncc', ['build', 'lib/main.js', '--out', folder, '--minify', '--quiet']);
  // Without GitHub: it sets the environment and then runs the action's own bundle.
  const cli = join(folder, 'cli.js');
  run('esbuild', ['lib/cli.js', '--bundle', '--external:./main.js', '--format=esm', ...HOW, `--outfile=${cli}`]);
  writeFileSync(cli, readFileSync(cli, 'utf8').replace('"./main.js"', '"./index.js"'));
  const chunks = readdirSync(folder).filter((name) => /^\d+\.index\.js$/.test(name));
  run('esbuild', [...chunks.map((name) => join(folder, name)), ...HOW, '--allow-overwrite', `--outdir=${folder}`]);
}

function run(command: string, parameters: readonly string[]): void {
  execFileSync(command, parameters, { stdio: 'inherit' });
}

if (import.meta.main) build('dist');
