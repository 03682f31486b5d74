import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What to run, without a shell unless the command needs one. */
export interface StartCommand {
  readonly file: string;
  readonly args: readonly string[];
}

const PLACEHOLDER = fileURLToPath(new URL('./placeholder-app.ts', import.meta.url));

/** Files that App Service tries when a Node app says nothing. https://learn.microsoft.com/azure/app-service/configure-language-nodejs */
const DEFAULT_FILES = ['bin/www', 'server.js', 'app.js', 'index.js', 'hostingstart.js'];

const NPM_START = /^npm (run )?start$/;

/**
 * The command that starts an app, in App Service's order: the configured one, `scripts.start` of package.json, the
 * first default file that exists. An empty folder is served by App Service's own page. Throws when there is content, but
 * nothing to start.
 */
export function startCommand(wwwroot: string, configured: string | undefined): StartCommand {
  const asked = configured?.trim() || 'npm start';
  if (!NPM_START.test(asked)) return parse(asked);
  const script = startScript(wwwroot);
  if (script !== undefined) {
    if (NPM_START.test(script)) throw new Error('The start script of package.json starts itself.');
    return parse(script);
  }
  if (readdirSync(wwwroot).length === 0) return { file: process.execPath, args: [PLACEHOLDER] };
  const file = DEFAULT_FILES.find((each) => existsSync(join(wwwroot, each)));
  if (file === undefined) throw new Error(`No start command: neither package.json nor ${DEFAULT_FILES.join(', ')}.`);
  return { file: process.execPath, args: [file] };
}

function startScript(wwwroot: string): string | undefined {
  const path = join(wwwroot, 'package.json');
  if (!existsSync(path)) return undefined;
  const description = JSON.parse(readFileSync(path, 'utf8')) as { scripts?: { start?: string } };
  return description.scripts?.start;
}

/** Plain words run directly, so that signals reach the app itself; anything more goes to a shell. */
function parse(command: string): StartCommand {
  if (/[^\w\s./:=@,+-]/.test(command)) return { file: '/bin/sh', args: ['-c', command] };
  const [file = '', ...args] = command.split(/\s+/);
  return { file: file === 'node' ? process.execPath : file, args };
}
