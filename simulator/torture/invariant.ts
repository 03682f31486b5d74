import type { World } from '../model/world.ts';
import type { ProcessEnd } from './action-process.ts';
import type { History } from './history.ts';

/** One sentence that must hold whatever happens, and how it is checked on the model itself. */
export interface Invariant {
  readonly name: string;
  /** What must hold, as a sentence. */
  readonly holds: string;
  watch(start: Start): Watcher;
}

/** Where a case begins. */
export interface Start {
  readonly world: World;
  readonly history: History;
  readonly phase: string;
  readonly scenario: string;
  /** Undefined while the undisturbed run is made: there is nothing yet to compare with. */
  readonly undisturbed: Undisturbed | undefined;
  /** Somebody agreed that what visitors wrote may be lost. */
  readonly mayLose?: boolean;
  /** The stage must not end green: the build cannot do what is asked. */
  readonly mustEndRed?: boolean;
  /** What the fault, or the operator, entitles to. */
  readonly allows: ReadonlySet<Allowance>;
}

export interface Undisturbed {
  readonly routeChanges: number;
  readonly finalState: string;
}

export type Allowance =
  /** The phase may end refused, drifted or failed: what was asked of Azure does not work. */
  | 'red'
  /** The phase may refuse, when it says what it found and what would fix it. */
  | 'refused'
  /** Visitors may see errors until they are served for the first time: somebody else broke the site. */
  | 'errors'
  /** Azure surprises visitors after a swap. */
  | 'errors-for-a-moment'
  /** Azure gives production other instances while a deployment begins or ends: of another size, or for other slot settings. */
  | 'scaled'
  /** What is left need not equal an undisturbed run. */
  | 'different'
  /** The runner's machine is gone, so its firewall rules may stay until cleanup. */
  | 'rules'
  /** The swap may be undone because what was swapped in became unhealthy. */
  | 'undone'
  /** The app is such that its copy goes to the originals, until that is found out. */
  | 'astray'
  /** Nobody has gone on with what was killed. */
  | 'half-way'
  /** Somebody else works on the slots as well. */
  | 'operators';

/** Looks on. Each answers what is wrong, or nothing. */
export interface Watcher {
  /** After every call that reached the model, and at every instant at which something happened by itself. */
  step?(moment: Moment): string | undefined;
  /** After every request of a run to production, as a visitor sends it. */
  asked?(asked: { readonly now: number; readonly run: string }): string | undefined;
  /** After every visit. */
  visit?(visit: Visit): string | undefined;
  /** After every process of the action, its post step included. */
  ran?(end: ProcessEnd, postLines: readonly string[]): string | undefined;
  /** When no process runs any more and everything late has come. `isGreen`: the last run kept its promise. */
  end?(isGreen: boolean): string | undefined;
}

export interface Moment {
  readonly now: number;
  /** The run whose call has just reached the model, and that call when it may have changed something. */
  readonly run?: string;
  readonly call?: string;
}

export interface Visit {
  readonly now: number;
  readonly status: number;
  readonly body: string;
}
