import type { Trial } from './trial.ts';

/**
 * What several tests of a suite begin with: it is played once, by the first that asks, and each goes on with a copy of its
 * own. What a world of the tests keeps beside the model (what was said, what ports between have heard) begins anew in each.
 */
export function shared(play: () => Promise<Trial>): () => Promise<Trial> {
  let played: Promise<Trial> | undefined;
  forgets.push(() => {
    played = undefined;
  });
  return async () => {
    played ??= play();
    return (await played).copy();
  };
}

/** The same for phases one after another with the same inputs: what begins alike is played once. */
export function sharedThrough(
  open: () => Trial,
  inputs: Readonly<Record<string, string>> = {},
): (...phases: readonly string[]) => Promise<Trial> {
  const known = new Map<string, () => Promise<Trial>>();
  const after = (phases: readonly string[]): Promise<Trial> => {
    const key = phases.join();
    const last = phases.at(-1);
    const found =
      known.get(key) ??
      shared(async () => {
        if (last === undefined) return open();
        const trial = await after(phases.slice(0, -1));
        await trial.through([last, inputs]);
        return trial;
      });
    known.set(key, found);
    return found();
  };
  return (...phases) => after(phases);
}

/** For whoever plays tests again on an action that is another one now: nothing of the one before is taken. */
export function forgetShared(): void {
  for (const forget of forgets) forget();
}

const forgets: (() => void)[] = [];
