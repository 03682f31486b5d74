import { expect, test } from '@jest/globals';
import { azureNow, type Scene, seenSlot, sevenDecimals } from '../../src/context/scene.ts';
import { sceneOf } from '../../src/context/scene-of.ts';
import type { Companion } from '../../src/deployment/observed.ts';
import { sketch } from '../apply/sketch.ts';
import { observed, PACKAGE, slot } from '../phases/observed.ts';

const STAGING = slot('zdd-staging');

test('a step works on a slot that was seen, and on no other', () => {
  const scene = sketch().scene({ stagingSlot: STAGING });
  expect(seenSlot(scene, 'zdd-staging')).toBe(STAGING);
  expect(() => seenSlot(scene, 'zdd-readonly')).toThrow('Slot zdd-readonly was not there at the last look.');
});

test('the time is Azure’s, and the runner’s as long as Azure has not told it', () => {
  const { scene, context, clock } = sketch();
  const at = (azureTime: number | undefined) => {
    const arm = { azureTime: () => azureTime } as Scene['context']['arm'];
    return azureNow({ ...scene(), context: { ...context, arm } }).getTime();
  };
  expect([at(123_000), at(undefined)]).toEqual([123_000, clock.now()]);
  expect(sevenDecimals(new Date('2026-01-31T14:00:00.123Z'))).toBe('2026-01-31T14:00:00.1230000Z');
});

/** Another app on the same databases. */
function companion(key: string): Companion {
  const { app, production, readonlySlot, stagingSlot, newBuild, liveImage } = observed({
    production: slot('production', { host: `${key.split('/')[1]}.example` }),
  });
  return { key, does: 'build', look: { app, production, readonlySlot, stagingSlot, newBuild, liveImage } } as Companion;
}

test('a step on another app has its look, its settings and its build in the place of those of the first', () => {
  const { context, scene } = sketch({ inputs: { 'other-apps': 'rg/till=read-only\nrg/desk=read-only' } });
  const build = { ...PACKAGE, path: '/release/till.zip' };
  const app = { subscriptionId: 's', resourceGroup: 'shop-rg', name: 'shop' };
  const first: Scene = {
    ...scene({ companions: [companion('rg/desk'), companion('rg/till')], deploymentId: 'the-one' }),
    context: { ...context, app, newBuild: PACKAGE, newBuilds: new Map([['rg/till', build]]) },
  };
  const till = sceneOf(first, 'rg/till');
  expect(till.context).toMatchObject({
    app: { subscriptionId: 's', resourceGroup: 'rg', name: 'till' },
    newBuild: build,
    ports: context.ports,
  });
  expect(till.settings).toMatchObject({ appName: 'till', resourceGroup: 'rg', phases: first.settings.phases });
  expect(till.context.settings).toBe(till.settings);
  expect(till.observed).toMatchObject({
    production: { host: 'till.example' },
    deploymentId: 'the-one',
    companions: [],
  });
  // Never the build of the first app.
  expect(sceneOf(first, 'rg/desk').context.newBuild).toBeNull();
  expect(() => sceneOf(first, 'rg/gone')).toThrow('App rg/gone was not there at the last look.');
});
