import '../../simulator/torture/determinism.ts';
import { casesOfAll } from '../../simulator/torture/cases.ts';
import { runCase } from '../../simulator/torture/run-case.ts';
import { scenarios } from '../../simulator/torture/scenarios.ts';
import { isAsPromised, statesOf } from '../../simulator/torture/states.ts';
import type { LoadedTest } from './tests.ts';

/** Of so many cases of the sweep one is played: a third of what `npm test` plays. */
const STRIDE = 120;
/** In the others everything goes well. */
const DISTURBED: ReadonlySet<string> = new Set(['one', 'swift', 'unhealthy']);

/** A part of the sweep, a test for each way of a deployment; what went before the case is played with the mistake as well. */
export function sweepTests(): readonly LoadedTest[] {
  return scenarios.flatMap((scenario) =>
    scenario.paths.map((path) => ({
      name: `sweep: ${scenario.name}/${path}`,
      async run() {
        const states = await statesOf({ ...scenario, paths: [path] });
        const wrong = states.find((state) => !isAsPromised(state));
        if (wrong)
          throw new Error(`${wrong.id}: ${wrong.played.violations[0]?.invariant ?? 'does not end as promised'}`);
        if (!DISTURBED.has(scenario.name)) return;
        const cases = casesOfAll(states).filter((_, index) => index % STRIDE === 0);
        for (const each of cases) {
          const state = states.find(({ id }) => id === each.state);
          const [violation] = state ? (await runCase(state, each)).violations : [];
          if (violation) throw new Error(`${each.id}: ${violation.invariant}`);
        }
      },
    })),
  );
}
