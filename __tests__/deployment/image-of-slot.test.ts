import { expect, test } from '@jest/globals';
import { imageOfSlot, pinnedLiveBuild, preparedImage } from '../../src/deployment/image-of-slot.ts';
import type { Observed } from '../../src/deployment/observed.ts';
import { ID, observed, slot } from '../phases/observed.ts';
import { rows } from '../phases/rows.ts';
import { seen } from '../phases/seen.ts';

const [LIVE, NEW] = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`) as [string, string];
const NAME = 'shop.azurecr.io/shop';
const runs = (image: string) => ({ linuxFxVersion: `DOCKER|${image}` });
const by = (digest: string) => runs(`${NAME}@${digest}`);
const production = slot('production', { travelling: runs(`${NAME}:1`) });
const readonlySlot = slot('zdd-readonly');
const prepared = (role: string, build = `${NAME}:2@${NEW}`) =>
  slot('zdd-staging', { appSettings: { ZDD_INSTANCE: `${ID}/${role}/1`, ZDD_BUILD: build } });
const image = { kind: 'image', named: `${NAME}:2`, digest: NEW } as const;
const look = (more: Partial<Observed> = {}) =>
  observed({ production, readonlySlot, liveImage: `${NAME}:1@${LIVE}`, newBuild: null, ...more });

test('the copy runs the image of the live build, by what its tag meant when visitors left it', () => {
  expect(imageOfSlot(look(), readonlySlot)).toEqual(by(LIVE));
  // Also when a new build is given.
  expect(imageOfSlot(look({ newBuild: image }), readonlySlot)).toEqual(by(LIVE));
  expect(imageOfSlot(look({ liveImage: null }), readonlySlot)).toEqual({});
});

test('the new build runs by its digest, when it is given and when it waits there already', () => {
  const waits = prepared('new');
  expect(imageOfSlot(look({ newBuild: image }), slot('zdd-staging'))).toEqual(by(NEW));
  expect(imageOfSlot(look(), waits)).toEqual(by(NEW));
  // A zip is no image, whatever was there before; and what is not the new build says nothing of it.
  expect(imageOfSlot(look({ newBuild: observed().newBuild }), waits)).toEqual({});
  expect(imageOfSlot(look(), prepared('live'))).toEqual({});
  expect(imageOfSlot(look(), slot('zdd-staging'))).toEqual({});
  expect(imageOfSlot(look({ readonlySlot: null }), slot('zdd-staging'))).toEqual({});
});

test('an image is only for an app that runs one, on Windows in the property of Windows', () => {
  expect(imageOfSlot(look({ production: slot('production') }), readonlySlot)).toEqual({});
  const windows = slot('production', { travelling: { windowsFxVersion: `DOCKER|${NAME}:1` } });
  expect(imageOfSlot(look({ production: windows }), readonlySlot)).toEqual({
    windowsFxVersion: `DOCKER|${NAME}@${LIVE}`,
  });
});

test('what was written over the copy is made anew in whichever slot, with the image of the live build', () => {
  const { observed: switched } = seen(rows.switched, 'switch');
  const over = {
    ...switched,
    // Where the marker was lost: the last swap that Azure remembers is ours.
    record: switched.record && { ...switched.record, windowOpenedAt: switched.production.swapStatus?.at },
    production: slot('production', { swapStatus: switched.production.swapStatus }),
    readonlySlot: slot('zdd-readonly', { travelling: runs(`${NAME}:1`) }),
    newBuild: image,
    liveImage: `${NAME}:1@${LIVE}`,
  };
  expect(imageOfSlot(over, slot('zdd-staging'))).toEqual(by(LIVE));
});

test('the live build is named by a digest where it waits, when that is the one that the copy of it runs', () => {
  const copy = (build: string | undefined, travelling = by(LIVE)) =>
    slot('production', { travelling, appSettings: build === undefined ? {} : { ZDD_BUILD: build } });
  const live = slot('zdd-readonly', { travelling: runs(`${NAME}:1`) });
  const of = (first: ReturnType<typeof copy>, waits = live) => pinnedLiveBuild(look({ production: first }), waits);
  expect(of(copy(`${NAME}:1@${LIVE}`))).toEqual(by(LIVE));
  expect(of(copy(`${NAME}:2@${NEW}`))).toEqual({});
  expect(of(copy(undefined))).toEqual({});
  expect(of(copy(`${NAME}:1@${LIVE}`), slot('zdd-readonly'))).toEqual({});
  expect(of(slot('production', { appSettings: { ZDD_BUILD: `${NAME}:1@${LIVE}` } }))).toEqual({});
  const itself = slot('production', { travelling: runs(`${NAME}:1`), appSettings: { ZDD_BUILD: `${NAME}:1@${LIVE}` } });
  expect(of(itself, itself)).toEqual({});
});

test('a slot was prepared with an image when it has a digest of that very name', () => {
  const id = `${NAME}:2@${NEW}`;
  expect(preparedImage(prepared('new', id), `${NAME}:2`)).toBe(id);
  expect(preparedImage(prepared('new', id), `${NAME}:3`)).toBeUndefined();
  expect(preparedImage(prepared('new', `${NAME}:2@sha256:cut`), `${NAME}:2`)).toBeUndefined();
  expect(preparedImage(null, `${NAME}:2`)).toBeUndefined();
});
