import { expect, test } from '@jest/globals';
import type { Kind } from '../../simulator/model/app/build.ts';
import { restart } from '../../simulator/model/web/instances.ts';
import { type Inputs, PASSWORD, production } from '../in-process/trial.ts';
import { deploy, open, type Parts, partsOf, withoutStrings, type Zoo } from '../in-process/zoo.ts';

const TO = (database: string) =>
  `Server=tcp:sql.database.windows.net,1433;Database=${database};User ID=zddadmin;Password=${PASSWORD}`;
/** What preflight asks for where no setting leads to a database. */
const SAID: Inputs = { 'sql-server': 'sql', databases: 'shop' };
const NAMED: Inputs = { ...SAID, 'clone-connection-settings': `SHOP_DB=${TO('{{clone-database}}')}` };

const store: Kind = { brings: { from: 'store', strings: { DefaultConnection: TO('shop') } } };

/** The code has a default, and an app setting wins over it. */
const fromOwnCode: Kind = { brings: { from: 'web.config', strings: { SHOP_DB: TO('shop') } }, connectsBy: ['SHOP_DB'] };

test.each<[string, Zoo]>([
  ['reads a store last that nobody named', { kind: store, arrange: withoutStrings, inputs: NAMED }],
  ['reads a store last although production has a string', { kind: store }],
  [
    'does so and connects for an instant',
    { kind: { ...store, sessions: 'for-an-instant' }, arrange: withoutStrings, inputs: NAMED },
  ],
  [
    'has its string in web.config, and an app setting of that name',
    {
      kind: { brings: { from: 'web.config', strings: { Shop: TO('shop') } } },
      arrange: withoutStrings,
      inputs: { ...SAID, 'clone-connection-settings': `Shop=${TO('{{clone-database}}')}` },
    },
  ],
])('visitors never come to a copy that works on the original: an app that %s', async (_, zoo) => {
  const { ended, trial } = await deploy(zoo);
  expect(ended).toMatch(/^failed in read-only: /);
  expect(production(trial).version).toBe('1');
  expect(sessionsOfCopy(trial.world)).toEqual([]);
});

test.each<[string, Zoo]>([
  [
    'reads the key of its string from a setting',
    {
      kind: { brings: { from: 'store', strings: { SHOP: TO('shop') }, keysIn: ['SHOP_DB_KEY'] } },
      options: { appSettings: { SHOP_DB_KEY: 'SHOP' } },
      arrange: withoutStrings,
      inputs: {
        ...SAID,
        'readonly-settings': 'SHOP_READ_ONLY=true\nSHOP_DB_KEY=CLONE',
        'clone-connection-settings': `CLONE=${TO('{{clone-database}}')}`,
      },
    },
  ],
  [
    'reads a setting that production does not have, and connects for an instant',
    { kind: { ...fromOwnCode, sessions: 'for-an-instant' }, arrange: withoutStrings, inputs: NAMED },
  ],
  [
    'has its string in web.config, and gets a connection string of that name',
    {
      kind: { brings: { from: 'web.config', strings: { Shop: TO('shop') } } },
      arrange: withoutStrings,
      inputs: { ...SAID, 'clone-connection-settings': `connection-string:Shop:SQLAzure=${TO('{{clone-database}}')}` },
    },
  ],
  [
    'asks its database for none of its pages, as an input says',
    { kind: { sessions: 'none' }, arrange: withoutStrings, inputs: { ...NAMED, 'accept-unseen-copy': 'true' } },
  ],
])('an app that %s is deployed to the end', async (_, zoo) => {
  const { ended, said } = await deploy(zoo);
  expect(ended).toBe('deployed');
  expect(said).not.toContain('Nobody was seen at work in the clone');
});

test('the new build gets a connection string that production does not have, and takes it along', async () => {
  const own = TO('shop').replace('Server=tcp:', 'Server=');
  const { ended, trial } = await deploy({
    inputs: { 'app-settings': `connection-string:Reports:Custom=${own};Application Name={{role}}\nSHOP_NAME=New` },
  });
  expect(ended).toBe('deployed');
  const { connectionStrings, settings } = partsOf(trial.world).production.occupant;
  expect(connectionStrings.Reports).toEqual({ value: `${own};Application Name=new`, type: 'Custom' });
  expect(settings).toMatchObject({ SHOP_NAME: 'New' });
  expect(Object.keys(settings)).not.toContain('connection-string:Reports:Custom');
});

test('an app that asks no database is not believed without the input', async () => {
  const { ended } = await deploy({ kind: { sessions: 'none' }, arrange: withoutStrings, inputs: NAMED });
  expect(ended).toMatch(/^failed in read-only: Nobody was seen at work in the clone of shop .*accept-unseen-copy/);
});

test.each<[string, Kind, RegExp]>([
  ['that was seen in its clone', {}, /^shop-zdd-\S+ \(clone\)$/],
  ['that was seen nowhere', { sessions: 'none' }, /^shop-zdd-\S+ \(clone, by its settings only\)$/],
])('status says of a copy what was seen: of one %s', async (_, kind, words) => {
  const trial = open({ kind });
  await trial.through('clone', 'read-only', 'switch');
  const { whereabouts } = await trial.run('status');
  expect(whereabouts.map(({ holds, databases }) => [holds, databases?.join()])).toEqual([
    ['read-only copy', expect.stringMatching(words)],
    ['live build', 'shop (original)'],
    ['new build', ''],
  ]);
});

/** In production it asks the original, in another slot what the setting of the slot's name says. */
const bySlot: Kind = {
  brings: {
    from: 'store',
    strings: { Production: TO('shop'), 'zdd-readonly': TO('shop') },
    keysIn: ['WEBSITE_SLOT_NAME'],
  },
};
const COPYS = { 'clone-connection-settings': `zdd-readonly=${TO('{{clone-database}}')}`, 'drain-seconds': '10' };

test.each<[string, (parts: Parts) => void, Inputs]>([
  ['where the way was only declared', withoutStrings, { ...SAID, ...COPYS }],
  ['where a setting was found', () => undefined, COPYS],
  ['where a setting was found and others may write', () => undefined, { ...COPYS, 'allow-other-writers': 'true' }],
])('visitors are sent back from a copy that goes to the original after the swap, %s', async (_, arrange, inputs) => {
  const arranged: { parts?: Parts } = {};
  const { ended, trial } = await deploy({
    kind: bySlot,
    inputs,
    arrange: (parts) => {
      arrange(parts);
      arranged.parts = parts;
    },
    around: (ports) => ({
      ...ports,
      send: (request, signal) => {
        startAnewOnce(arranged.parts, ports.clock.now());
        return ports.send(request, signal);
      },
    }),
  });
  expect(ended).toMatch(/^failed in switch: .*clone of shop.*sent back to the live build/);
  expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
});

/** Azure starts the read-only copy once more when it is production. */
function startAnewOnce(parts: Parts | undefined, now: number): void {
  const occupant = parts?.production.occupant;
  if (!parts || !/read-only/.test(occupant?.settings.ZDD_INSTANCE ?? '')) return;
  if (occupant?.instance?.environment.WEBSITE_SLOT_NAME !== 'Production') restart(parts.world, parts.production, now);
}

function sessionsOfCopy(world: Parts['world']): string[] {
  return Object.values(world.web.sites).flatMap(({ slots }) =>
    Object.values(slots)
      .filter(({ name, state }) => name === 'zdd-readonly' && state === 'Running')
      .map(({ name }) => name),
  );
}
