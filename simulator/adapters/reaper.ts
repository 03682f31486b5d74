import { spawn } from 'node:child_process';
import { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';

/** Makes sure that the process groups it was told about end with the simulator, however that ends. */
export interface Reaper {
  watch(pid: number): void;
  forget(pid: number): void;
  /** Ends the watch; groups that are still known are killed. */
  stop(): void;
}

/**
 * Starts a small process of its own that outlives a SIGKILL of ours: its input ends with us, and then it kills the
 * groups that are left.
 */
export function startReaper(): Reaper {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./reaper-process.ts', import.meta.url))], {
    stdio: ['pipe', 'ignore', 'inherit'],
    detached: true,
  });
  child.stdin.on('error', () => {}); // it may be gone before us when a whole machine is shut down
  child.unref();
  if (child.stdin instanceof Socket) child.stdin.unref();
  return {
    watch: (pid) => void child.stdin.write(`+${pid}\n`),
    forget: (pid) => void child.stdin.write(`-${pid}\n`),
    stop: () => void child.stdin.end(),
  };
}
