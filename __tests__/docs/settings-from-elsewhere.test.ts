import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import type { Kind } from '../../simulator/model/app/build.ts';
import { table } from '../in-process/table.ts';
import { PASSWORD } from '../in-process/trial.ts';
import { deploy, withoutStrings } from '../in-process/zoo.ts';

const strings = {
  SHOP_DB: `Server=tcp:sql.database.windows.net,1433;Database=shop;User ID=zddadmin;Password=${PASSWORD}`,
};

const OF_THE_APP = { SHOP_DB_KEY: 'SHOP_DB', EnvironmentName: 'LIVE' };

/** The app that each part of the page with inputs is about. */
const KINDS: Readonly<Record<string, Kind>> = {
  'An app setting wins over the file or the code': {
    brings: { from: 'web.config', strings },
    connectsBy: ['SHOP_DB'],
  },
  'A configuration store, a vault’s provider or a table is read last': {
    brings: { from: 'store', strings, keysIn: ['SHOP_DB_KEY'] },
  },
  'A row, a label or a store that a setting names': { brings: { from: 'store', strings, rowIn: 'EnvironmentName' } },
  'web.config of .NET Framework': { brings: { from: 'web.config', strings } },
  'The app asks its database for none of its pages': { sessions: 'none' },
};

const parts = readFileSync('docs/settings-from-elsewhere.md', 'utf8')
  .split(/^## /m)
  .flatMap((part) => {
    const [, yaml] = /```yaml\n([\s\S]*?)```/.exec(part) ?? [];
    return yaml === undefined ? [] : [[part.split('\n')[0]?.replaceAll("'", '’') ?? '', yaml] as const];
  });

test('every part of the page with inputs has its app', () => {
  expect(parts.map(([title]) => title)).toEqual(Object.keys(KINDS));
});

test.each(parts)('%s: the inputs of the page deploy it to the end', async (title, yaml) => {
  const inputs = parse(yaml.replaceAll('<password>', PASSWORD));
  const kind = KINDS[title] ?? {};
  const { arrange, run } = table({ LIVE: strings });
  const { ended } = await deploy({
    kind,
    options: { appSettings: OF_THE_APP },
    run,
    arrange(parts) {
      arrange(parts);
      withoutStrings(parts);
    },
    inputs,
  });
  expect(ended).toBe('deployed');
});

test.each(parts.filter(([title]) => KINDS[title]?.brings))('%s: without them visitors never come', async (title) => {
  const SAID = { 'sql-server': 'sql', databases: 'shop' };
  const { ended } = await deploy({
    kind: KINDS[title] ?? {},
    options: { appSettings: OF_THE_APP },
    arrange(parts) {
      table({ LIVE: strings }).arrange(parts);
      withoutStrings(parts);
    },
    inputs: {
      ...SAID,
      'clone-connection-settings': 'UNREAD=Server=sql.database.windows.net;Database={{clone-database}}',
    },
  });
  expect(ended).toMatch(/^failed in read-only/);
});
