import { expect, test } from '@jest/globals';
import { type Build, buildFiles } from '../../simulator/model/app/build.ts';
import { rowsOf } from '../../simulator/model/sql/rows.ts';
import { addContent } from '../../simulator/model/web/content.ts';
import { addSlot } from '../../simulator/model/web/create.ts';
import { restart } from '../../simulator/model/web/instances.ts';
import { siteOf, slotOf } from '../../simulator/model/web/lookup.ts';
import { azure, begin, databaseLines, databases, production, type Trial } from './trial.ts';

const SLOTS = { 'readonly-slot': 'beta', 'staging-slot': 'staging' };
const ADOPT = { ...SLOTS, 'adopt-slots': 'true' };

test('slots that somebody made and runs are left alone, and named', async () => {
  const trial = withSlots();
  await trial.through(['clone', SLOTS]);
  const before = azure(trial);
  const { failure } = await trial.run('read-only', SLOTS);
  expect(failure?.happened).toBe('Slot beta exists and does not belong to this action.');
  expect(azure(trial)).toEqual(before);
});

test('adopted ones carry a whole deployment, and nothing of what ran in them reaches an original again', async () => {
  const trial = withSlots();
  await trial.through(['clone', ADOPT], ['read-only', ADOPT]);
  const written = theirs(trial).length;
  expect(written).toBeGreaterThan(0);
  await trial.through('switch', 'deploy', 'validate', 'complete', 'cleanup');
  expect(production(trial)).toEqual({ version: '2', reads: 200, writes: 201 });
  expect(databaseLines(trial)).toEqual(['shop READ_WRITE schema 2']);
  for (const name of ['beta', 'staging']) {
    const { state, occupant } = slotOf(trial.world, 'web', name);
    expect({ state, strings: occupant.connectionStrings }).toEqual({ state: 'Stopped', strings: {} });
  }
  expect(theirs(trial)).toHaveLength(written);
});

const THEIRS: Build = { name: 'shop', version: 'theirs', writesOnStart: true };

/** Two slots in which somebody's builds run on the original database. */
function withSlots(): Trial {
  const trial = begin();
  const { world, clock } = trial;
  const live = slotOf(world, 'web', 'production');
  for (const name of ['beta', 'staging']) {
    const slot = addSlot(world, siteOf(world, live), name, clock.now());
    const { settings, connectionStrings } = structuredClone(live.occupant);
    const files = Object.entries(buildFiles(THEIRS)).map(([path, bytes]) => [`site/wwwroot/${path}`, bytes]);
    const contentId = addContent(world, Object.fromEntries(files), [], clock.now());
    Object.assign(slot.occupant, { contentId, settings, connectionStrings });
    restart(world, slot, clock.now());
  }
  return trial;
}

/** What their builds have written. */
function theirs(trial: Trial) {
  const shop = databases(trial).find(({ name }) => name === 'shop');
  return rowsOf(trial.world, shop?.contentId ?? '').filter(({ by }) => by === THEIRS.version);
}
