import { expect, test } from '@jest/globals';
import { keepUpload } from '../../simulator/model/app/uploads.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { request } from '../../simulator/model/model.ts';
import { contentOfSlot, filesIn } from '../../simulator/model/observers.ts';
import { addContent, contentOf } from '../../simulator/model/web/content.ts';
import { slotOf } from '../../simulator/model/web/lookup.ts';
import type { Slot } from '../../simulator/model/web/state.ts';
import type { Variant, World } from '../../simulator/model/world.ts';
import { production, type Trial } from '../in-process/trial.ts';
import { deploy, open, type Parts, packageOf, partsOf } from '../in-process/zoo.ts';

const kind = { keepsUploadsIn: 'media' };

test('files that visitors keep on the app’s own disk are carried over, or preflight says that they would be lost', async () => {
  const { ended, trial } = await deploy({
    kind,
    before: { 'read-only': upload('cat.jpg'), switch: upload('dog.jpg') },
  });
  if (ended !== 'deployed') expect(ended).toMatch(/media|upload|own disk|wwwroot/i);
  else expect(kept(trial)).toEqual(['media/cat.jpg', 'media/dog.jpg']);
});

test('with keep-files the copy and the new build have what visitors keep, until the last moment', async () => {
  const seen: string[][] = [];
  const { ended, trial } = await deploy({
    kind,
    inputs: { 'keep-files': 'media' },
    before: {
      'read-only': upload('cat.jpg'),
      switch: upload('dog.jpg'),
      deploy: (_, trial) => seen.push(kept(trial), kept(trial, 'zdd-readonly')),
    },
  });
  const both = ['media/cat.jpg', 'media/dog.jpg'];
  expect([ended, ...seen]).toEqual(['deployed', both, both]);
  expect([kept(trial), kept(trial, 'zdd-readonly')]).toEqual([both, []]);
});

test('years of files, older than any deployment, are found by preflight, with the input that keeps them', async () => {
  const { ended } = await deploy({
    kind,
    arrange: ({ world, production }) => {
      const { files } = contentOf(world, production.occupant.contentId);
      const more = { ...files, 'site/wwwroot/media/2019/old.jpg': new Uint8Array([1]) };
      production.occupant.contentId = addContent(world, more, [], EPOCH);
    },
  });
  expect(ended).toMatch(/^refused by preflight: .*media\/2019\/old\.jpg.*keep-files: media\//s);
});

test('what appears only after the last look stays in the slot of the live build', async () => {
  const { ended, said, trial } = await deploy({
    kind,
    before: { deploy: ({ world, site }, trial) => keep(world, slotOf(world, site.name, 'zdd-readonly'), trial) },
  });
  expect([ended, kept(trial, 'zdd-readonly')]).toEqual(['deployed', ['media/late.jpg']]);
  expect(said).toMatch(/zdd-readonly is not emptied: .*media\/late\.jpg/);
});

test('with keep-files: none nobody asks, and cleanup empties the slot', async () => {
  const { ended, trial } = await deploy({
    kind,
    inputs: { 'keep-files': 'none' },
    before: { switch: upload('dog.jpg') },
  });
  expect([ended, kept(trial), kept(trial, 'zdd-readonly')]).toEqual(['deployed', [], []]);
});

test('cleanup never deletes the only copy of a visitor’s file', async () => {
  const { trial } = await deploy({ kind, before: { switch: upload('dog.jpg') } });
  const everywhere = ['production', 'zdd-readonly', 'zdd-staging'].flatMap((slot) => kept(trial, slot));
  expect(everywhere).toContain('media/dog.jpg');
});

const READ_WRITE = {
  mode: 'read-write',
  'accept-data-loss': 'true',
  'read-only-probes': '',
  'readonly-settings': 'SHOP_BACKGROUND=off',
};

test('in mode read-write the new build has what visitors put onto the disk of the copy', async () => {
  const { ended, trial } = await deploy({
    kind,
    inputs: { ...READ_WRITE, 'keep-files': 'media' },
    before: { switch: upload('cat.jpg'), validate: upload('dog.jpg') },
  });
  expect([ended, kept(trial)]).toEqual(['deployed', ['media/cat.jpg', 'media/dog.jpg']]);
});

test('without keep-files the slot of the copy keeps what visitors put there in mode read-write, and it is said', async () => {
  const { ended, said, trial } = await deploy({ kind, inputs: READ_WRITE, before: { validate: upload('dog.jpg') } });
  expect([ended, kept(trial), kept(trial, 'zdd-staging')]).toEqual(['deployed', [], ['media/dog.jpg']]);
  expect(said).toMatch(/zdd-staging is not emptied: .*media\/dog\.jpg/);
});

const KEEP = { 'keep-files': 'media', 'health-path': '/health' };

test.each([[[]], [['scm-403-when-stopped']]] as Variant[][][])(
  'a rollback carries what visitors put into the new build: %j',
  async (variants) => {
    const trial = await completed(variants);
    upload('dog.jpg')(partsOf(trial.world), trial);
    const back = { ...KEEP, 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true' };
    await trial.through(['rollback', back], ['validate', KEEP], ['complete', KEEP], ['cleanup', KEEP]);
    expect([production(trial).version, kept(trial)]).toEqual(['1', ['media/dog.jpg']]);
    expect(kept(trial, 'zdd-staging')).toEqual([]);
  },
);

test('a build that replaces one which visitors were on does not delete what they put there', async () => {
  const trial = await completed();
  upload('dog.jpg')(partsOf(trial.world), trial);
  await trial.through(['rollback', { 'rollback-scope': 'code-and-database', 'accept-data-loss': 'true' }]);
  const fixed = { package: packageOf({ kind, next: { version: '3' } }) };
  const { failure } = await trial.run('deploy', fixed);
  expect(failure).toMatchObject({
    kind: 'refused',
    happened: expect.stringMatching(/^Slot zdd-staging has what visitors put into the build .*media\/dog\.jpg/),
    next: expect.stringMatching(/^keep-files: media\/ .*then run the phase again/),
  });
  const kept3 = { ...fixed, ...KEEP };
  await trial.through(['deploy', kept3], ['validate', kept3], ['complete', kept3]);
  expect([production(trial).version, kept(trial)]).toEqual(['3', ['media/dog.jpg']]);
});

/** A deployment whose new build visitors are on. */
async function completed(variants: readonly Variant[] = []): Promise<Trial> {
  const zoo = { kind, variants };
  const trial = open(zoo);
  const inputs = { ...KEEP, package: packageOf(zoo) };
  const phases = ['clone', 'read-only', 'switch', 'deploy', 'validate', 'complete'];
  await trial.through(...phases.map((phase) => [phase, inputs] as const));
  return trial;
}

function keep(world: World, slot: Slot, { clock }: Trial): void {
  keepUpload(world, slot, 'media/late.jpg', new Uint8Array([1]), clock.now());
}

function upload(name: string) {
  return ({ world, production }: Parts, trial: Trial) => {
    const url = `https://${production.host}/media/${name}`;
    const body = new Uint8Array([1, 2, 3]);
    const sent = request(world, { method: 'POST', url, headers: {}, from: '198.51.100.1', body }, trial.clock.now());
    expect(sent.status).toBe(201);
  };
}

function kept({ world }: Trial, slot = 'production'): string[] {
  if (world.web.sites.web?.slots[slot] === undefined) return [];
  const files = Object.keys(filesIn(world, contentOfSlot(world, 'web', slot)));
  return files.filter((path) => path.startsWith('media/')).sort();
}
