import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Wanted } from './running-process.ts';
import { type StartCommand, startCommand } from './start-command.ts';

/** What a process runs, and where: an app in its root folder, a WebJob in its own. */
export function commandOf(wanted: Wanted, root: string): { command: StartCommand; cwd: string } {
  if (wanted.kind === 'app') return { command: startCommand(root, wanted.startCommand), cwd: root };
  for (const folder of ['App_Data/jobs/continuous', 'continuous']) {
    const cwd = join(root, folder, wanted.name);
    if (existsSync(join(cwd, 'run.js'))) return { command: { file: process.execPath, args: ['run.js'] }, cwd };
    if (existsSync(join(cwd, 'run.sh'))) return { command: { file: '/bin/sh', args: ['run.sh'] }, cwd };
  }
  throw new Error(`WebJob ${wanted.name} has neither run.js nor run.sh, which is what the simulator runs.`);
}
