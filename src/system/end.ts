import type { Log } from '../ports.ts';

/** Enough for what was written to be read at the other end. */
const GRACE_MS = 10_000;

/**
 * The work is over, so the process must end as well. What is still open then is a defect and is named: a step that does not end
 * holds up the workflow until GitHub ends it hours later, while visitors may be read-only.
 */
export function endSoon(log: Pick<Log, 'warning'>, graceMs = GRACE_MS): void {
  const timer = setTimeout(() => {
    const open = [...new Set(process.getActiveResourcesInfo())].join(', ');
    log.warning(`The work is over, but something was left open (${open}): ended all the same. Please report it.`);
    process.exit();
  }, graceMs);
  // Where nothing is left open the process ends by itself, at once.
  timer.unref();
}
