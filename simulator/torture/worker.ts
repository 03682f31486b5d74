import './determinism.ts';
import { WHOLE } from './part.ts';
import { scenarios } from './scenarios.ts';
import { sweep } from './sweep.ts';
import type { WorkOrder } from './workers.ts';

/**
 * One process of the sweep: gets its share as a message, tells outcomes, and ends. A case in which everybody waits for ever
 * leaves it nothing to do: then it ends too, and not green.
 */
process.once('message', (order: WorkOrder) => {
  process.exitCode = NEVER_ENDS;
  process.channel?.unref();
  const wanted = scenarios
    .filter(({ name }) => order.scenarios.includes(name))
    .map((scenario) => ({ ...scenario, paths: order.paths ?? scenario.paths }));
  const pattern = new RegExp(order.only);
  const share = {
    index: order.index,
    of: order.of,
    stride: order.stride,
    part: order.part ?? WHOLE,
    depth: order.depth ?? 'usual',
    turn: order.turn ?? 0,
    matches: (id: string) => pattern.test(id),
  };
  sweep(wanted, share, (outcome) => process.send?.(outcome)).then(
    () => {
      process.exitCode = 0;
      process.disconnect();
    },
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});

/** As Node calls it: https://nodejs.org/api/process.html#exit-codes */
const NEVER_ENDS = 13;
