import type { World } from '../model/world.ts';
import type { History } from './history.ts';
import type { Allowance } from './invariant.ts';

/** Somebody else who does something to a deployment between two phases, in the portal or with tools of their own. */
export interface Operator {
  readonly name: string;
  /** As the end of the sentence "Between two phases somebody …". */
  readonly what: string;
  readonly allows: readonly Allowance[];
  /** Phases that cannot keep their promise after it: green would be a lie. */
  readonly forbids?: RegExp;
  /** The stage that brings everything in order again, from wherever the phases stand. */
  readonly mendedBy?: string;
  /** Stages before which it is tried; undefined: all. */
  readonly before?: RegExp;
  /** There is something to do in few states only: there it is always tried. */
  readonly isRare?: true;
  /** False: there is nothing to do here. */
  apply(world: World, now: number, history: History): boolean;
}

export const HARMLESS: readonly Allowance[] = ['operators', 'different', 'refused'];
/** The site is down by what the operator did. */
export const HARMFUL: readonly Allowance[] = [...HARMLESS, 'errors'];
