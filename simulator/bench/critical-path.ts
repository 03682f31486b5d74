import type { PhaseName } from '../../src/settings/phases.ts';
import type { Work, WorkKind } from './azure-work.ts';

/**
 * What Azure must do one after the other in a phase, however clever the action is. Nothing of ours is in it: no wait that a safety
 * rule prescribes, no record, no look. How long an operation takes is not said here but taken from the run that is measured.
 */
interface Link {
  /** Of several kinds that go on at the same time the longest counts. No operation counts twice. */
  readonly azure: readonly WorkKind[];
  readonly times?: number;
  readonly because: string;
}

const MOVED: Link = {
  azure: ['swap until the route changes'],
  because: 'visitors move',
};

const SETTLED: Link = {
  azure: ['rest of a swap', 'both builds answer'],
  because: 'the swap is over, and nobody comes to the old build any more',
};

const PATHS: Readonly<Partial<Record<PhaseName, readonly Link[]>>> = {
  clone: [{ azure: ['copy'], because: 'nothing can be done with a copy before it is online' }],
  'read-only': [
    { azure: ['slot creation'], because: 'the slots are not there' },
    {
      azure: ['settings write'],
      times: 2,
      because: 'a slot is disarmed before it gets content, and gets its settings after it',
    },
    { azure: ['upload'], because: 'the build' },
    { azure: ['app start'], because: 'the copy is proven running' },
  ],
  switch: [MOVED, SETTLED],
  deploy: [
    { azure: ['settings write'], because: 'the new build is told of the originals' },
    { azure: ['app start'], because: 'the new build starts on the updated database' },
  ],
  complete: [MOVED, SETTLED],
  rollback: [
    { azure: ['restore'], because: 'the database as of the rollback point' },
    { azure: ['rename'], times: 2, because: 'the failed database is set aside, the restored one takes its name' },
    { azure: ['settings write'], because: 'the live build gets its marker' },
    { azure: ['app start'], because: 'it is proven running' },
  ],
  cleanup: [
    { azure: ['settings write'], because: 'the slots are disarmed' },
    { azure: ['upload', 'drop'], because: 'then emptied, while the other clones go' },
    { azure: ['drop'], because: 'the clone with the record goes last' },
  ],
};

/** Of what Azure did in a phase, what lies on its critical path. */
export function onCriticalPath(phase: PhaseName, works: readonly Work[]): readonly Work[] {
  return chosen(PATHS[phase] ?? [], works);
}

/** The same for the part of a phase that lies in the window: after the route change in `switch`, and until the one in `complete`. */
export function inWindow(phase: PhaseName, works: readonly Work[]): readonly Work[] {
  if (phase === 'switch') return chosen([SETTLED], works);
  if (phase === 'complete') return chosen([MOVED], works);
  return onCriticalPath(phase, works);
}

/** Of operations that ran side by side the longest ones; not more than there were. */
function chosen(links: readonly Link[], works: readonly Work[]): readonly Work[] {
  const left = [...works].sort((one, other) => lengthOf(other) - lengthOf(one));
  return links.flatMap(({ azure, times = 1 }) => {
    const taken = left.filter(({ kind }) => azure.includes(kind)).slice(0, times);
    for (const work of taken) left.splice(left.indexOf(work), 1);
    return taken;
  });
}

export function lengthOf({ from, to }: Pick<Work, 'from' | 'to'>): number {
  return to - from;
}
