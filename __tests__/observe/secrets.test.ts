import { expect, test } from '@jest/globals';
import type { SlotSettings } from '../../src/azure/slot-settings.ts';
import type { Context } from '../../src/context/context.ts';
import { withSecrets } from '../../src/observe/secrets.ts';
import { type PhaseName, traitsOf } from '../../src/settings/phases.ts';
import { answer, refusal, stage } from '../apply/scene.ts';
import { connectionTo } from '../phases/observed.ts';

const BY_URI = '@Microsoft.KeyVault(SecretUri=https://shop.vault.azure.net/secrets/db/v1)';
const BY_NAME = '@Microsoft.KeyVault(VaultName=shop;SecretName=db)';
const VALUE = 'Server=sql.database.windows.net;Database=shop;User ID=a;Password=Of-The-Shop-1';

async function vault(inputs: Readonly<Record<string, string>> = {}) {
  const there = await stage(inputs);
  const { context: plain } = there.scene();
  const [asked, masked]: [string[], string[]] = [[], []];
  const log = { ...plain.ports.log, secret: (text: string) => void masked.push(text) };
  const context: Context = { ...plain, ports: { ...plain.ports, log } };
  there.answering(({ url }) => {
    const { host, pathname } = new URL(url);
    if (!host.endsWith('.vault.azure.net')) return undefined;
    asked.push(`${host}${pathname}`);
    return pathname.startsWith('/secrets/db') ? answer(200, { value: VALUE }) : refusal(404, 'SecretNotFound');
  });
  const look = (settings: Partial<SlotSettings>, phase: PhaseName = 'switch') =>
    withSecrets(context, traitsOf[phase], { appSettings: {}, connectionStrings: {}, ...settings });
  return { look, asked, masked };
}

test('references are read where they lead to a database, and what they hold is known by their text', async () => {
  const { look, asked, masked } = await vault();
  const appSettings = {
    DB_URL: BY_URI,
    OTHER_DB: BY_NAME,
    API_KEY: '@Microsoft.KeyVault(VaultName=shop;SecretName=k)',
  };
  const { secrets, ...rest } = await look({ appSettings });
  expect(secrets).toEqual({ [BY_URI]: { value: VALUE }, [BY_NAME]: { value: VALUE } });
  expect(rest).toEqual({ appSettings, connectionStrings: {} });
  expect(asked.toSorted()).toEqual(['shop.vault.azure.net/secrets/db', 'shop.vault.azure.net/secrets/db/v1']);
  // The whole value is masked where it is read; an app may log the password alone.
  expect(masked).toEqual(['Of-The-Shop-1', 'Of-The-Shop-1']);
});

test('one that holds nothing, or that App Service could not read, says why', async () => {
  const { look, masked } = await vault();
  const [gone, nonsense] = ['VaultName=shop;SecretName=gone', 'nonsense'].map((text) => `@Microsoft.KeyVault(${text})`);
  const { secrets } = await look({ appSettings: { DB_A: gone ?? '', DB_B: nonsense ?? '' } });
  expect(secrets).toEqual({
    [String(gone)]: { why: 'no-secret', said: expect.stringContaining('SecretNotFound') },
    [String(nonsense)]: { why: 'not-understood', said: '' },
  });
  expect(masked).toEqual([]);
});

test('a reference is read once a run, however many settings and looks meet it', async () => {
  const { look, asked } = await vault();
  const connectionStrings = { A: { value: BY_URI, type: 'SQLAzure' as const } };
  await look({ appSettings: { DB_URL: BY_URI, DB_TOO: BY_URI }, connectionStrings });
  expect((await look({ appSettings: { DB_URL: BY_URI } })).secrets).toEqual({ [BY_URI]: { value: VALUE } });
  expect(asked).toHaveLength(1);
});

test('a phase that does not decide by them reads them only where nothing else tells the server', async () => {
  const { look, asked } = await vault();
  const appSettings = { DB_URL: BY_URI };
  const told = await look({ appSettings, connectionStrings: connectionTo('shop') }, 'validate');
  expect([told.secrets, asked]).toEqual([undefined, []]);
  expect((await look({ appSettings }, 'validate')).secrets).toEqual({ [BY_URI]: { value: VALUE } });
  const decides = await look({ appSettings, connectionStrings: connectionTo('shop') }, 'switch');
  expect(decides.secrets).toEqual({ [BY_URI]: { value: VALUE } });
});

test('of what the user says leads to no database nothing is read, in whatever case it is written', async () => {
  const { look, asked } = await vault({
    'clone-connection-settings': 'DB_URL={{unchanged}}\nDB_TOO=Server={{clone-database}}',
  });
  expect(await look({ appSettings: { Db_Url: BY_URI } })).not.toHaveProperty('secrets');
  expect(asked).toEqual([]);
  expect((await look({ appSettings: { Db_Url: BY_URI, db_too: BY_NAME } })).secrets).toEqual({
    [BY_NAME]: { value: VALUE },
  });
});
