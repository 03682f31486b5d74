import { exec } from '@actions/exec';

export interface Launcher {
  readonly tool: string;
  readonly parameters: readonly string[];
}

const BASH = ['--noprofile', '--norc'];

/**
 * A command line that runs `command` in a process group of its own and first names it in a line of output. @actions/exec
 * tells no process id and makes no group; under job control (`set -m`) bash gives one to each job, on every Unix that runners have.
 * The launcher itself says nothing: it would report how the job ended, and with what text it was started.
 */
export function launcherFor(platform: NodeJS.Platform, command: string): Launcher {
  if (platform === 'win32') {
    const script = `[Console]::Out.WriteLine("zdd-process-group $PID"); $ErrorActionPreference = 'stop'; ${command}\nexit $LASTEXITCODE`;
    return { tool: 'pwsh', parameters: ['-NoProfile', '-NonInteractive', '-Command', script] };
  }
  const job = `echo zdd-process-group $$; exec bash ${BASH.join(' ')} -eo pipefail -c "$0"`;
  const launcher = [
    'exec 3>&2 2>/dev/null',
    'set -m',
    `bash ${BASH.join(' ')} -c '${job}' "$1" </dev/null 2>&3 3>&- &`,
    'exec 3>&-',
    'wait $!',
    'code=$?',
    // What a command leaves behind ends with it; when it was itself ended by a signal, the others have their time to end, too.
    '[ $code -gt 128 ] || kill -KILL -- -$!',
    'exit $code',
  ].join('\n');
  return { tool: 'bash', parameters: [...BASH, '-c', launcher, 'launcher', command] };
}

/** The group that a line of output names when it is the launcher's. */
export function groupIn(line: string): number | undefined {
  const [, group] = /^zdd-process-group (\d+)\r?\n$/.exec(line) ?? [];
  return group === undefined ? undefined : Number(group);
}

/** Ends all processes of the group; that nobody is left in it is fine. Windows has no groups, and ends the whole tree at once. */
export function endGroup(group: number, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (process.platform === 'win32') {
    const options = { silent: true, ignoreReturnCode: true };
    exec('taskkill', ['/pid', String(group), '/t', '/f'], options).catch(() => undefined);
    return;
  }
  try {
    process.kill(-group, signal);
  } catch (error) {
    const { code }: { code?: unknown } = Object(error);
    // macOS says EPERM when those who are left are only waiting to be reaped.
    if (code !== 'ESRCH' && code !== 'EPERM') throw error;
  }
}
