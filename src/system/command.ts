import { exec } from '@actions/exec';
import { messageOf, Stop } from '../errors.ts';
import type { RunCommand } from '../ports.ts';
import { commandEnvironment } from './command-environment.ts';
import { passedOn } from './command-output.ts';
import type { CommandStreams } from './outlet.ts';
import { endGroup, groupIn, launcherFor } from './process-group.ts';

/** Between asking the command's processes to end and ending them: shorter than the runner's own patience with us. */
const GRACE_MS = 5_000;

/**
 * Runs the user's command as a `run:` step would, in the workspace, its output on these streams, without what belongs to the action:
 * see {@link commandEnvironment} and {@link passedOn}. It gets a process group of its own, so that
 * everything it started ends with it: a migration that outlives its job would write into a database that others change.
 * https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
 */
export function runIn(
  workspace: string,
  baseEnvironment: Readonly<Record<string, string | undefined>>,
  streams: CommandStreams = process,
  graceMs = GRACE_MS,
): RunCommand {
  return async (command, environment, signal) => {
    signal?.throwIfAborted();
    const { tool, parameters } = launcherFor(process.platform, command);
    let group: number | undefined;
    let patience: NodeJS.Timeout | undefined;
    const out = passedOn(
      (text) => streams.stdout.write(text),
      (line) => {
        const own = groupIn(line);
        group ??= own;
        if (signal?.aborted) stop();
        return own !== undefined;
      },
    );
    const err = passedOn((text) => streams.stderr.write(text));
    const stop = () => {
      if (group === undefined) return;
      endGroup(group, 'SIGTERM');
      patience = setTimeout(endGroup, graceMs, group, 'SIGKILL');
    };
    signal?.addEventListener('abort', stop, { once: true });
    try {
      const exitCode = await exec(tool, [...parameters], {
        cwd: workspace,
        env: { ...commandEnvironment(baseEnvironment), ...environment },
        // Its own echo would show the launcher, and its output the launcher's line.
        silent: true,
        ignoreReturnCode: true,
        // For what goes on after the shell was ended: until it closes its output.
        delay: graceMs,
        listeners: { stdout: out.take, stderr: err.take },
      });
      signal?.throwIfAborted();
      // A process that was ended by a signal has no exit code; it did not succeed.
      return { exitCode: exitCode ?? 1 };
    } catch (cause) {
      signal?.throwIfAborted();
      const why = messageOf(cause);
      throw new Stop('failed', `Could not start ${tool}: ${why}`, 'Install it on the runner.', { cause });
    } finally {
      out.end();
      err.end();
      signal?.removeEventListener('abort', stop);
      clearTimeout(patience);
      if (group !== undefined && signal?.aborted) endGroup(group, 'SIGKILL');
    }
  };
}
