import { describe, expect, test } from '@jest/globals';
import type { Kind } from '../../simulator/model/app/build.ts';
import { table } from '../in-process/table.ts';
import { type Inputs, PASSWORD, production, type Trial } from '../in-process/trial.ts';
import { deploy, open, packageOf, partsOf, withoutStrings, type Zoo } from '../in-process/zoo.ts';

/** The string is in the row of a table that a setting names: no setting of App Service reaches the database. */
const TO = (database: string) =>
  `Server=tcp:sql.database.windows.net,1433;Database=${database};User ID=zddadmin;Password=${PASSWORD}`;
const kind: Kind = { brings: { from: 'store', strings: {}, rowIn: 'ROW' } };
const inputs: Inputs = {
  'sql-server': 'sql',
  databases: 'shop',
  'readonly-settings': 'SHOP_READ_ONLY=true\nROW=COPY',
  'copy-command':
    'az storage entity insert --table-name settings --entity PartitionKey=COPY RowKey=1 "Shop=Server=$ZDD_SQL_SERVER;Database=$ZDD_CLONE_DATABASE;User ID=zddadmin;Password=$OF_THE_APP"',
  'copy-env': `OF_THE_APP=${PASSWORD}`,
};

function appOfTable(): Zoo & { readonly called: ReturnType<typeof table>['called'] } {
  const { arrange, run, called } = table({ LIVE: { Shop: TO('shop') } });
  return {
    kind,
    run,
    called,
    options: { appSettings: { ROW: 'LIVE' } },
    arrange(parts) {
      arrange(parts);
      withoutStrings(parts);
    },
    inputs,
  };
}

test('the copy is told its clone before it is started, and the app is deployed to the end', async () => {
  const zoo = appOfTable();
  const { ended, visitors, trial, said } = await deploy(zoo);
  expect([ended, visitors]).toEqual(['deployed', '2 200 201']);
  expect(zoo.called.map(({ command }) => command.slice(0, 25))).toEqual(['az storage entity insert ']);
  expect(zoo.called[0]?.environment).toEqual({
    ZDD_DEPLOYMENT_ID: expect.stringMatching(/^\d{8}-\w{5}$/),
    ZDD_SQL_SERVER: 'sql.database.windows.net',
    ZDD_DATABASE: 'shop',
    ZDD_CLONE_DATABASE: expect.stringMatching(/^shop-zdd-\d{8}-\w{5}$/),
    OF_THE_APP: PASSWORD,
  });
  expect(Object.keys(partsOf(trial.world).production.occupant.settings)).not.toContain('ZDD_COPY_COMMAND');
  expect(said).not.toContain('Nobody was seen at work in the clone');
});

test('strings of production that lead to an original are there as they lead to the clone, masked', async () => {
  const zoo = appOfTable();
  const trial = open({ ...zoo, arrange: () => undefined, kind: {} });
  await trial.through(['clone', inputs], ['read-only', { ...inputs, 'readonly-settings': 'SHOP_READ_ONLY=true' }]);
  const { ZDD_CLONE_CONNECTION_STRING_DEFAULTCONNECTION: string = '', ZDD_CLONE_DATABASE: clone = '' } =
    zoo.called[0]?.environment ?? {};
  expect(string).toMatch(new RegExp(`(Database|Initial Catalog)=${clone};`));
  expect(trial.lines.join('\n')).not.toContain(string);
});

describe('visitors never come', () => {
  test.each<[string, Inputs, RegExp]>([
    [
      'to a copy that was told of the original',
      { 'copy-command': (inputs['copy-command'] ?? '').replace('$ZDD_CLONE_DATABASE', '$ZDD_DATABASE') },
      /^failed in read-only: Since the read-only copy was started a new process is in an original/,
    ],
    [
      'to a copy that reads the row of production still',
      { 'readonly-settings': 'SHOP_READ_ONLY=true' },
      /^failed in read-only: Since the read-only copy was started a new process is in an original/,
    ],
    [
      'to a copy that finds no row at all',
      { 'readonly-settings': 'SHOP_READ_ONLY=true\nROW=ELSEWHERE' },
      /^failed in read-only: Nobody was seen at work in the clone of shop .*only copy-command says that it is asked/,
    ],
    [
      'where the command names what it will not have',
      { 'copy-command': 'write "$ZDD_CLONE_DATABASES"' },
      /^refused by preflight: failed copy-command: It names ZDD_CLONE_DATABASES, which there will not be: there are ZDD_DEPLOYMENT_ID/,
    ],
  ])('%s', async (_, other, words) => {
    const zoo = appOfTable();
    const { ended, trial } = await deploy({ ...zoo, inputs: { ...inputs, ...other } });
    expect(ended).toMatch(words);
    expect(production(trial)).toEqual({ version: '1', reads: 200, writes: 201 });
  });

  test('when the command fails: the copy is not started, and the same again goes on', async () => {
    const zoo = appOfTable();
    let broken = true;
    const trial = open({
      ...zoo,
      run: async (...args) => (broken ? { exitCode: 4 } : (zoo.run?.(...args) ?? { exitCode: 0 })),
    });
    const all = { ...inputs, package: packageOf(zoo) };
    await trial.through(['clone', all]);
    const { failure } = await trial.run('read-only', all);
    expect(failure).toMatchObject({
      happened: expect.stringMatching(/^copy-command ended with exit code 4\. The read-only copy was not started/),
      next: expect.stringMatching(/run "read-only" again/),
    });
    expect(copyIn(trial)).toBeUndefined();
    broken = false;
    await trial.through(['read-only', all], ['switch', all]);
    expect(copyIn(trial)).toBeDefined();
  });
});

test('nobody seen in the clone is no warning only, though a setting of production leads there, too', async () => {
  const zoo = appOfTable();
  const { ended } = await deploy({ ...zoo, arrange: () => undefined, kind: { sessions: 'none' } });
  expect(ended).toMatch(/^failed in read-only: Nobody was seen at work in the clone of shop .*only copy-command says/);
});

test('a copy that stands is not told again, and one that was told by another command is', async () => {
  const zoo = appOfTable();
  const trial = open(zoo);
  await trial.through(['clone', inputs], ['read-only', inputs], ['read-only', inputs]);
  expect(zoo.called).toHaveLength(1);
  const other = { ...inputs, 'copy-command': `${inputs['copy-command']} Colour=blue` };
  await trial.through(['read-only', other], ['switch', other]);
  expect(zoo.called).toHaveLength(2);
});

test('setup-command brings to the runner of read-only what the command needs', async () => {
  const zoo = appOfTable();
  const trial = open(zoo);
  const all = { ...inputs, 'setup-command': 'npm ci' };
  await trial.through(['clone', all], ['read-only', all]);
  expect(zoo.called.map(({ command }) => command.split(' ')[0])).toEqual(['npm', 'az']);
});

test('an environment without its command is refused', async () => {
  await expect(open().run('preflight', { 'copy-env': 'A=b' })).rejects.toThrow(
    /copy-env is given and copy-command is not/,
  );
});

/** The marker of the read-only copy, wherever it is. */
function copyIn({ world }: Trial): string | undefined {
  const { site, production } = partsOf(world);
  const markers = [production, ...Object.values(site.slots)].map(
    ({ occupant }) => occupant.settings.ZDD_INSTANCE ?? '',
  );
  return markers.find((marker) => marker.includes('/read-only/'));
}
