import type { Observed } from '../deployment/observed.ts';
import { originals } from '../deployment/places.ts';
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
