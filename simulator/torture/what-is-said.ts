import './determinism.ts';
import { played } from './replay.ts';

/** Plays the cases named on the command line and writes as JSON what their red runs said, by case. */
const said: Record<string, { readonly failures: readonly string[]; readonly violations: readonly string[] }> = {};
for (const id of process.argv.slice(2)) {
  const { failures, companion, violations } = await played(id);
  said[id] = {
    failures: companion === undefined ? failures : [...failures, companion],
    violations: violations.map(({ what }) => what),
  };
}
console.log(JSON.stringify(said));
