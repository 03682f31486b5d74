import type { Observed } from '../deployment/observed.ts';
import { originals } from '../deployment/originals.ts';
import { isDone } from '../steps/done.ts';
import type { Step } from '../steps/steps.ts';

/** Before another build starts on the originals. They stay read-write: only `switch` closes them. */
export function awaitQuiet(observed: Observed): Step {
  return {
    kind: 'await-quiet',
    databases: originals(observed),
    setReadOnly: false,
    watching: false,
    because: 'a build that was stopped may still be connected',
  };
}

/** The WebJobs that were stopped go on; the record forgets them only afterwards. */
export function restartJobs(observed: Observed, slot: string): Step[] {
  const jobs = observed.record?.stoppedJobs ?? [];
  if (jobs.length === 0 || isDone(observed, 'start-webjobs', slot)) return [];
  return [{ kind: 'start-webjobs', slot, jobs, because: 'the live build takes over again' }];
}
