import './determinism.ts';
import { scenarios } from './scenarios.ts';
import { sweep } from './sweep.ts';
import type { WorkOrder } from './workers.ts';

/** One process of the sweep: gets its share as a message, tells outcomes, and ends. */
process.once('message', (order: WorkOrder) => {
  const wanted = scenarios
    .filter(({ name }) => order.scenarios.includes(name))
    .map((scenario) => ({ ...scenario, paths: order.paths ?? scenario.paths }));
  const pattern = new RegExp(order.only);
  const share = { index: order.index, of: order.of, stride: order.stride, matches: (id: string) => pattern.test(id) };
  sweep(wanted, share, (outcome) => process.send?.(outcome)).then(
    () => process.disconnect(),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
