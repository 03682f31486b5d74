import { exec } from '@actions/exec';
import { messageOf, Stop } from '../errors.ts';
import type { RunCommand } from '../ports.ts';
import { endGroup, groupIn, launcherFor } from './process-group.ts';

/** Between asking the command's processes to end and ending them: shorter than the runner's own patience with us. */
const GRACE_MS = 5_000;

/**
 * Runs the user's command as a `run:` step would, in the workspace, its output on ours. It gets a process group of its own, so that
 * everything it started ends with it: a migration that outlives its job would write into a database that others change.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
 */
export function runIn(
  workspace: string,
  baseEnvironment: Readonly<Record<string, string | undefined>>,
  graceMs = GRACE_MS,
): RunCommand {
  return async (command, environment, signal) => {
    signal?.throwIfAborted();
    const { tool, parameters } = launcherFor(process.platform, command);
    let group: number | undefined;
    let patience: NodeJS.Timeout | undefined;
    const stop = () => {
      if (group === undefined) return;
      endGroup(group, 'SIGTERM');
      patience = setTimeout(endGroup, graceMs, group, 'SIGKILL');
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const exitCode = await exec(tool, [...parameters], {
        cwd: workspace,
        env: { ...defined(baseEnvironment), ...environment },
        // Its own echo would show the launcher, and its output the launcher's line.
        silent: true,
        ignoreReturnCode: true,
        // For what goes on after the shell was ended: until it closes its output.
        delay: graceMs,
        listeners: {
          stdout: withoutOwnLine((line) => {
            group = groupIn(line);
            if (signal?.aborted) stop();
            return group !== undefined;
          }),
          stderr: (data) => process.stderr.write(data),
        },
      });
      signal?.throwIfAborted();
      // A process that was ended by a signal has no exit code; it did not succeed.
      return { exitCode: exitCode ?? 1 };
    } catch (cause) {
      signal?.throwIfAborted();
      const why = messageOf(cause);
      throw new Stop('failed', `Could not start ${tool}: ${why}`, 'Install it on the runner.', { cause });
    } finally {
      signal?.removeEventListener('abort', stop);
      clearTimeout(patience);
      if (group !== undefined && signal?.aborted) endGroup(group, 'SIGKILL');
    }
  };
}

/** Passes output on to ours, but for the launcher's own line. What a shell's start-up file (`BASH_ENV`) writes may come before it. */
function withoutOwnLine(own: (line: string) => boolean): (data: Buffer) => void {
  let seen = false;
  let begun = Buffer.alloc(0);
  return (data) => {
    begun = Buffer.concat([begun, data]);
    while (!seen && begun.includes('\n')) {
      const end = begun.indexOf('\n') + 1;
      seen = own(begun.toString('utf8', 0, end));
      if (!seen) process.stdout.write(begun.subarray(0, end));
      begun = begun.subarray(end);
    }
    if (!seen || begun.length === 0) return;
    process.stdout.write(begun);
    begun = Buffer.alloc(0);
  };
}

function defined(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}
