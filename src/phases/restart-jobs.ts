import type { Observed } from '../deployment/observed.ts';
import { isDone } from '../steps/done.ts';
import type { Step } from '../steps/steps.ts';

/** The WebJobs that were stopped go on; the record forgets them only afterwards. */
export function restartJobs(observed: Observed, slot: string): Step[] {
  const jobs = observed.record?.stoppedJobs ?? [];
  if (jobs.length === 0 || isDone(observed, 'start-webjobs', slot)) return [];
  return [{ kind: 'start-webjobs', slot, jobs, because: 'the live build takes over again' }];
}
