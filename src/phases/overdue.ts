import type { Observed } from '../deployment/observed.ts';
import type { DeploymentRecord } from '../deployment/record.ts';
import { windowOpen } from '../deployment/stage.ts';
import { windowExceeded } from '../deployment/window-limit.ts';
import type { Settings } from '../settings/settings.ts';
import { refuse } from './refusals.ts';

/** Whoever says that a window that is too long fails is not moved on in it unasked. A live build that comes back ends it: that is never refused. */
export function refuseOverdue(
  phase: 'validate' | 'complete',
  settings: Settings,
  observed: Observed,
  { candidate }: DeploymentRecord,
): void {
  if (settings.onWindowExceeded === undefined || settings.onWindowExceeded === 'warn') return;
  const exceeded = candidate?.role === 'new' ? windowExceeded(settings, observed, windowOpen(observed)) : undefined;
  if (exceeded === undefined) return;
  refuse(exceeded, `Run "${phase}" with on-window-exceeded: warn, or "rollback" with rollback-scope: auto.`);
}
