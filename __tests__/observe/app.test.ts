import { expect, test } from '@jest/globals';
import { beginLookAtApp, lookAtApp } from '../../src/observe/app.ts';
import type { Missing } from '../../src/observe/unseen.ts';
import { type PhaseName, traitsOf } from '../../src/settings/phases.ts';
import { refusal, type Stage, stage } from '../apply/scene.ts';

const NAMES = { readonlySlot: 'zdd-readonly', stagingSlot: 'zdd-staging' };

/** Looks at the app; what is refused is said by a part of its address. */
async function looked(
  phase: PhaseName,
  refused?: RegExp,
  change: (there: Stage) => void = () => undefined,
  status = 403,
) {
  const there = await stage();
  there.slot('zdd-readonly');
  change(there);
  const { context } = there.scene();
  const asked: string[] = [];
  there.answering(({ url }) => {
    asked.push(new URL(url).pathname);
    return refused?.test(url) ? refusal(status, 'AuthorizationFailed') : undefined;
  });
  const missing: Missing = { isAllowed: !traitsOf[phase].changes, parts: [] };
  const again = () => beginLookAtApp(context, missing);
  const look = async () => lookAtApp(context, missing, await again(), NAMES, traitsOf[phase]);
  return { there, context, missing, asked, look, seen: await look() };
}

test('an app is seen with its slots, what stays with them, and where it runs', async () => {
  const { seen, missing } = await looked('status', undefined, ({ world }) => {
    const web = Object.values(world.web.sites)[0];
    if (web === undefined) throw new Error('There is an app.');
    web.slotConfigNames = {
      appSettingNames: ['A'],
      connectionStringNames: ['B'],
      azureStorageConfigNames: ['C'],
    };
  });
  expect(seen.appPart?.app).toEqual({
    name: 'web',
    resourceGroup: 'rg',
    id: expect.stringMatching(/\/sites\/web$/),
    location: 'West Europe',
    windows: true,
    sticky: { appSettings: ['A'], connectionStrings: ['B'], mounts: ['C'] },
  });
  expect([seen.production?.name, seen.readonlySlot?.name, seen.stagingSlot]).toEqual([
    'production',
    'zdd-readonly',
    null,
  ]);
  expect([seen.appPart?.readonlySlot?.name, seen.appPart?.stagingSlot, missing.parts]).toEqual([
    'zdd-readonly',
    null,
    [],
  ]);
});

test('an app that does not exist is wrong input', async () => {
  await expect(looked('status', /\/sites\/web\?/, () => undefined, 404)).rejects.toMatchObject({
    kind: 'bad-input',
    happened: 'There is no app web in resource group rg.',
  });
});

test.each<[string, RegExp, readonly string[]]>([
  ['the app', /\/sites\/web\?/, ['app web']],
  ['a slot', /\/slots\/zdd-staging\?/, ['slot zdd-staging']],
  ['the settings of one slot', /\/slots\/zdd-readonly\/config\/appsettings\/list/, ['settings of zdd-readonly']],
  ['settings', /\/config\/(appsettings|connectionstrings)\/list/, ['settings of production, zdd-readonly']],
  ['what stays with slots', /slotConfigNames/, ['slot settings']],
])('who only looks and may not see %s is told so, once, and sees the rest', async (_what, refused, expected) => {
  const { missing, seen } = await looked('status', refused);
  expect(missing.parts.map(({ what }) => what)).toEqual(expected);
  expect(seen.appPart).toBeUndefined();
  for (const { why, at } of missing.parts) {
    expect(why).toContain('AuthorizationFailed');
    expect(at).toMatch(/\/sites\/web(\/slots\/zdd-(readonly|staging))?$/);
  }
  expect(seen.production === undefined).toBe(expected[0] === 'app web');
});

test.each([/\/sites\/web\?/, /\/slots\/zdd-staging\?/, /\/config\/appsettings\/list/, /slotConfigNames/])(
  'who changes something stops at the first part that is not to be seen: %s',
  async (refused) => {
    await expect(looked('switch', refused)).rejects.toThrow('AuthorizationFailed');
  },
);

test('a first look asks for the slots of the inputs at once, a later one for those that were there', async () => {
  const { asked, look, context } = await looked('status');
  const slotsAsked = () => asked.filter((path) => /\/slots\/[^/]+$/.test(path)).map((path) => path.split('/').at(-1));
  expect(slotsAsked().toSorted()).toEqual(['zdd-readonly', 'zdd-staging']);
  expect(asked.indexOf(asked.find((path) => path.endsWith('zdd-staging')) ?? '')).toBeLessThan(6);
  expect([...context.known.slots].map((id) => id.split('/').at(-1)).toSorted()).toEqual(['web', 'zdd-readonly']);
  asked.length = 0;
  // Slots of other apps, which move along, are theirs.
  const own = [...context.known.slots].find((id) => id.endsWith('/sites/web'));
  context.known.slots.add(`${own?.replace(/web$/, 'api')}/slots/blue`);
  await look();
  expect(slotsAsked()).toEqual(['zdd-readonly', 'zdd-staging']);
  const config = asked.findIndex((path) => path.endsWith('/sites/web/config/web'));
  expect(asked.findIndex((path) => path.endsWith('zdd-readonly'))).toBeLessThan(config);
  expect(asked.findIndex((path) => path.endsWith('zdd-staging'))).toBeGreaterThan(config);
});

test('without the settings of any of its slots an app is not seen whole', async () => {
  for (const name of ['production', 'zdd-readonly', 'zdd-staging']) {
    const of =
      name === 'production' ? /sites\/web\/config\/appsettings\/list/ : new RegExp(`${name}/config/appsettings/list`);
    const { seen, missing } = await looked('status', of, (there) => void there.slot('zdd-staging'));
    expect([seen.appPart, missing.parts.map(({ what }) => what)]).toEqual([undefined, [`settings of ${name}`]]);
    expect([seen.production, seen.readonlySlot, seen.stagingSlot].map((slot) => slot?.name)).toEqual([
      'production',
      'zdd-readonly',
      'zdd-staging',
    ]);
  }
});

test('what references stand for is read of production and of the read-only copy', async () => {
  const text = '@Microsoft.KeyVault(nonsense)';
  const { seen } = await looked('switch', undefined, (there) => {
    for (const name of ['production', 'zdd-readonly', 'zdd-staging'])
      there.slot(name).occupant.settings = { DB_URL: text };
  });
  const secrets = { [text]: { why: 'not-understood', said: '' } };
  expect(seen).toMatchObject({ production: { secrets }, readonlySlot: { secrets } });
  expect(seen.stagingSlot).not.toHaveProperty('secrets');
});
