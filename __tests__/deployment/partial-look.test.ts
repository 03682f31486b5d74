import { expect, test } from '@jest/globals';
import { hasSettings, type PartialLook, wholeOf, wholeOrStop } from '../../src/deployment/partial-look.ts';
import { Stop } from '../../src/errors.ts';
import { observed } from '../phases/observed.ts';

const whole = observed();
const stop = new Stop('failed', 'Nobody may read that.', 'Give the role.');
const unseen = [{ what: 'x', so: 'y', at: 'z', why: 'w', stop }] as const;
/** All is there, and something beside it is not. */
const partial: PartialLook = { ...whole, appPart: whole, databasePart: whole, unseen };

test('whoever changes something stops at the first thing that could not be seen', () => {
  expect(wholeOrStop(whole)).toBe(whole);
  expect(() => wholeOrStop(partial)).toThrow(stop);
});

test('who only tells goes by all that a whole look has, when all of that was seen', () => {
  expect(wholeOf(whole)).toBe(whole);
  const { app, production, readonlySlot, stagingSlot, newBuild, liveImage, now, run, thisRun, ...databasePart } = whole;
  const appPart = { app, production, readonlySlot, stagingSlot, newBuild, liveImage };
  const seen: PartialLook = { ...partial, appPart, databasePart, now, run, thisRun };
  expect(wholeOf(seen)).toEqual(whole);
  expect(wholeOf({ ...seen, appPart: undefined })).toBeUndefined();
  expect(wholeOf({ ...seen, databasePart: undefined })).toBeUndefined();
});

test('a slot of which only the resource was seen has no settings to go by', () => {
  const { appSettings: _, ...resource } = whole.production;
  expect([hasSettings(whole.production), hasSettings(resource)]).toEqual([true, false]);
});
