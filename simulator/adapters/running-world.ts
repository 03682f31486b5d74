import type { World } from '../model/world.ts';
import type { SimulatedClock } from './clock.ts';

/** What the running world needs of the model: bring a world to an instant, and say when it moves next. */
interface Motion {
  advance(world: World, now: number): void;
  nextEventAt(world: World): number | undefined;
}

/**
 * The one place through which adapters reach the world. Everything in it is synchronous, so accesses are one after
 * another by themselves; each finds the world brought to its own instant.
 */
export interface RunningWorld {
  /** Looks at the world as of now. The listeners hear of it only when the world moved by itself meanwhile. */
  read<T>(look: (world: World, now: number) => T): T;
  /** Changes the world as of now; the listeners are told afterwards. */
  change<T>(act: (world: World, now: number) => T): T;
  /** Called after changes, once for many that happen together. */
  onChange(listener: () => void): void;
  now(): number;
  /** Stops the world's own motion. */
  stop(): void;
}

/** Longest timer; later events are looked at again then. */
const LONGEST_TIMER_MS = 60_000;

/** Sets a world in motion: what is due happens when its instant comes, also when nobody asks. */
export function runWorld(world: World, clock: SimulatedClock, motion: Motion): RunningWorld {
  const listeners: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let telling = false;
  let stopped = false;

  const tell = () => {
    if (telling || stopped) return;
    telling = true;
    setImmediate(() => {
      telling = false;
      if (!stopped) for (const listener of listeners) listener();
    });
  };

  const catchUp = (now: number) => {
    const due = motion.nextEventAt(world);
    if (due === undefined || due > now) return;
    motion.advance(world, now);
    tell();
  };

  const arm = () => {
    clearTimeout(timer);
    if (stopped) return;
    const due = motion.nextEventAt(world);
    if (due === undefined) return;
    const wait = Math.min(Math.max(clock.realMs(due - clock.now()), 0) + 1, LONGEST_TIMER_MS);
    timer = setTimeout(() => {
      catchUp(clock.now());
      arm();
    }, wait);
  };

  const at = <T>(visit: (world: World, now: number) => T): T => {
    const now = clock.now();
    catchUp(now);
    return visit(world, now);
  };

  arm();
  return {
    now: () => clock.now(),
    read: at,
    change: (act) => {
      try {
        return at(act);
      } finally {
        arm();
        tell();
      }
    },
    onChange: (listener) => void listeners.push(listener),
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
