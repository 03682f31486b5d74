import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/**
 * `npm run build`: compiles src, bundles it into a folder (default `dist`), and minifies the chunks, which ncc leaves as they
 * are: half the bytes that every job of a user downloads and parses.
 */
export function build(folder: string): void {
  run('npm', ['run', '--silent', 'compile']);
  rmSync(folder, { recursive: true, force: true });
  run('ncc', ['build', 'lib/main.js', '--out', folder, '--minify', '--quiet']);
  const chunks = readdirSync(folder).filter((name) => /^\d+\.index\.js$/.test(name));
  // Without any tsconfig.json: one above the folder would change what comes out.
  const how = [
    '--tsconfig-raw={}',
    '--minify',
    '--keep-names',
    '--platform=node',
    '--target=node24',
    '--log-level=warning',
  ];
  run('esbuild', [...chunks.map((name) => join(folder, name)), ...how, '--allow-overwrite', `--outdir=${folder}`]);
}

function run(command: string, parameters: readonly string[]): void {
  execFileSync(command, parameters, { stdio: 'inherit' });
}

if (import.meta.main) build('dist');
