import { expect, test } from '@jest/globals';
import { begin, databaseLines, databases } from './trial.ts';

/** No two nodes have the same time: so much is more than anybody has seen, so that the point tells which clock it is of. */
const AHEAD_MS = 90_000;

test.each(['catalog', 'shop'])(
  'when the clock of %s is ahead, the rollback point is its time: by the other, writes of before would be lost',
  async (name) => {
    const trial = begin({ databases: ['catalog', 'shop'] });
    await trial.through('clone', 'read-only');
    const ahead = databases(trial).find((each) => each.name === name);
    if (ahead) ahead.clockAheadMs = AHEAD_MS;
    await trial.through('switch');
    const point = Date.parse((await trial.run('status')).result?.rollbackPoint ?? '');
    expect(point).toBeGreaterThan(trial.clock.now());
    expect(point).toBeLessThan(trial.clock.now() + AHEAD_MS);

    // The other clock must have passed the point as well, before the new build writes.
    await trial.through('deploy');
    expect(trial.clock.now()).toBeGreaterThan(point);
    await trial.through(['rollback', { 'rollback-scope': 'code-and-database' }]);
    expect(databaseLines(trial)).toEqual(
      expect.arrayContaining(['catalog READ_WRITE schema 1', 'shop READ_WRITE schema 1']),
    );
  },
);
