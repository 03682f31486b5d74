import { IN_A_ROW } from '../../src/apply/proofs.ts';
import { APART_MS } from '../../src/apply/quiet.ts';
import { LOOKING_MS } from '../../src/apply/session-proof.ts';
import { WATCH_SECONDS } from '../../src/phases/switch.ts';
import type { PhaseName } from '../../src/settings/phases.ts';
import type { Work, WorkKind } from './azure-work.ts';

/**
 * What must happen one after the other in a phase, however clever the action is: operations of Azure, and waits that a safety
 * rule prescribes. How long an operation takes is not said here: it is taken from what Azure did in the run that is measured.
 */
type Link =
  | { readonly azure: WorkKind; readonly times?: number; readonly because: string }
  | { readonly wait: (inputs: Inputs) => number; readonly because: string };

/** The inputs that prescribe a wait. */
interface Inputs {
  readonly soakSeconds: number;
  readonly databases: number;
}

/** So many healthy answers lie a second apart. */
const HEALTHY_MS = (IN_A_ROW - 1) * 1000;

const RULE: Link = { azure: 'firewall rule', because: 'SQL is reached through it' };

export const CRITICAL_PATHS: Readonly<Partial<Record<PhaseName, readonly Link[]>>> = {
  preflight: [],
  clone: [
    { azure: 'copy', because: 'nothing can be done with a copy before it is online' },
    { azure: 'tag write', because: 'the lock is held' },
    { azure: 'tag write', because: 'one more is read back after READ_ONLY' },
  ],
  'read-only': [
    { azure: 'slot creation', because: 'the slots are not there' },
    { azure: 'settings write', because: 'a slot is disarmed before it gets content' },
    { azure: 'upload', because: 'the build' },
    { azure: 'settings write', times: 2, because: 'connection strings, then app settings' },
    { azure: 'app start', because: 'the copy is proven running' },
    { wait: () => HEALTHY_MS, because: 'one healthy answer may be luck' },
    { azure: 'tag write', because: 'the proof is recorded' },
  ],
  switch: [
    RULE,
    { wait: () => HEALTHY_MS, because: 'visitors see only what was just proven' },
    { azure: 'tag write', because: 'the intent is read back before the swap' },
    { azure: 'swap until the route changes', because: 'visitors move' },
    { azure: 'rest of a swap', because: 'nothing may be decided before the swap is over' },
    { wait: () => WATCH_SECONDS * 1000, because: 'the live build runs on until its replacement stays healthy' },
    { wait: () => APART_MS, because: 'quiet is two looks apart' },
    { azure: 'tag write', because: 'the rollback point is read back' },
  ],
  deploy: [
    RULE,
    { azure: 'tag write', because: 'that deploy has begun is read back before anything is changed' },
    { azure: 'settings write', times: 2, because: 'connection strings, then app settings' },
    { azure: 'app start', because: 'the new build starts on the updated database' },
    { wait: () => HEALTHY_MS, because: 'one healthy answer may be luck' },
    { azure: 'tag write', because: 'the candidate is recorded' },
  ],
  validate: [RULE, { azure: 'tag write', because: 'the verdict is recorded' }],
  complete: [
    RULE,
    { wait: () => HEALTHY_MS, because: 'visitors see only what was just proven' },
    { azure: 'tag write', because: 'the intent is read back before the swap' },
    { azure: 'swap until the route changes', because: 'visitors move' },
    { azure: 'rest of a swap', because: 'nothing may be decided before the swap is over' },
    { wait: ({ soakSeconds }) => soakSeconds * 1000, because: 'input soak-seconds' },
    // The pages of the app that is measured ask its first database only.
    {
      wait: ({ databases }) => (databases > 1 ? LOOKING_MS : 0),
      because: 'an original in which nobody is seen at work is looked at for a minute',
    },
    { azure: 'tag write', because: 'the end is recorded' },
  ],
  rollback: [
    RULE,
    { azure: 'tag write', because: 'what is under way is recorded' },
    { azure: 'restore', because: 'the database as of the rollback point' },
    { azure: 'tag write', because: 'the successor is read back before anything is renamed' },
    { azure: 'rename', times: 2, because: 'the failed database is set aside, the restored one takes its name' },
    { azure: 'tag write', because: 'the databases are settled before the live build may start' },
    { azure: 'settings write', because: 'the live build gets its marker' },
    { azure: 'app start', because: 'it is proven running' },
    { wait: () => HEALTHY_MS, because: 'one healthy answer may be luck' },
    { azure: 'tag write', because: 'the candidate is recorded' },
  ],
  cleanup: [
    { azure: 'settings write', because: 'the slots are disarmed' },
    { azure: 'upload', because: 'then emptied' },
    { azure: 'tag write', because: 'the mirror goes before the record' },
    { azure: 'drop', times: 2, because: 'the other clones, and the one with the record last' },
  ],
};

/** The shortest that these links can take, in milliseconds, by what Azure did in this run. */
export function lowerBound(links: readonly Link[], works: readonly Work[], inputs: Inputs): number {
  const waits = links.map((link) => ('wait' in link ? link.wait(inputs) : 0));
  const kinds = new Set(links.flatMap((link) => ('azure' in link ? [link.azure] : [])));
  const lengths = [...kinds].flatMap((kind) => longest(works, kind, timesOf(links, kind)));
  return sum([...waits, ...lengths]);
}

/** Of operations that ran side by side the longest ones; not more than there were. */
function longest(works: readonly Work[], kind: WorkKind, times: number): number[] {
  const lengths = works.filter((work) => work.kind === kind).map(({ from, to }) => to - from);
  return lengths.sort((one, other) => other - one).slice(0, times);
}

function timesOf(links: readonly Link[], kind: WorkKind): number {
  return sum(links.map((link) => ('azure' in link && link.azure === kind ? (link.times ?? 1) : 0)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** From the route change in `switch` to the one in `complete`: what lies after the former and before the latter. */
export function windowLinks(): readonly (readonly [PhaseName, readonly Link[]])[] {
  const { switch: opens = [], deploy = [], validate = [], complete: closes = [] } = CRITICAL_PATHS;
  const isSwap = (link: Link) => 'azure' in link && link.azure === 'swap until the route changes';
  return [
    ['switch', opens.slice(opens.findIndex(isSwap) + 1)],
    ['deploy', deploy],
    ['validate', validate],
    ['complete', closes.slice(0, closes.findIndex(isSwap) + 1)],
  ];
}
