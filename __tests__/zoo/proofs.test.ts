import { expect, test } from '@jest/globals';
import type { Kind } from '../../simulator/model/app/build.ts';
import { EPOCH } from '../../simulator/model/create-world.ts';
import { login } from '../../simulator/model/sql/sessions.ts';
import { addNeighbour } from '../../simulator/model/web/neighbour.ts';
import { PASSWORD, type Trial } from '../in-process/trial.ts';
import { deploy, open } from '../in-process/zoo.ts';

test('a stranger’s session does not prove that the app has reached its database', async () => {
  const { ended, said } = await deploy({
    kind: { sessions: 'none' },
    before: { complete: (_, trial) => stranger(trial) },
  });
  expect(ended).toBe('deployed');
  expect(said).toContain('Nobody was seen at work in shop');
});

test.each<[string, Kind, boolean]>([
  ['asks none', { sessions: 'none' }, true],
  ['holds its connections', {}, false],
])(
  'another app at work on the database does not prove that the app itself is: one that %s',
  async (_, kind, unseen) => {
    const { ended, said } = await deploy({
      kind,
      arrange: ({ world }) => {
        const works = { everyMs: 5_000, on: 'database' } as const;
        addNeighbour(world, { name: 'stock', build: { name: 'stock', version: '8', works } }, EPOCH);
      },
      inputs: { 'other-apps': 'stock = stop' },
    });
    expect(ended).toBe('deployed');
    expect(said.includes('Nobody was seen at work in shop')).toBe(unseen);
  },
);

/** The app of the model asks its first database only, whatever it is connected to. */
test.each<[string, Kind, string]>([
  ['is connected to both and uses one', {}, 'catalog'],
  ['names neither host nor process, and uses one', { driver: 'tiberius' }, 'catalog'],
  ['connects for an instant', { sessions: 'for-an-instant' }, 'catalog, shop'],
  ['asks none', { sessions: 'none' }, 'catalog, shop'],
])('with two databases it is said in which of them nobody was seen: an app that %s', async (_, kind, unseen) => {
  const { ended, trial } = await deploy({ kind, options: { databases: ['shop', 'catalog'] } });
  expect(ended).toBe('deployed');
  const said = trial.lines.flatMap((line) => /^Nobody was seen at work in (.*) while production/.exec(line)?.[1] ?? []);
  expect([...new Set(said)]).toEqual([unseen]);
});

test('a process that is in a clone and in an original has kept a connection to the original', async () => {
  const forgotten = `Server=tcp:sql.database.windows.net,1433;Database=shop;User ID=zddadmin;Password=${PASSWORD}`;
  const { ended } = await deploy({ kind: { brings: { from: 'store', strings: { Reports: forgotten } } } });
  expect(ended).toMatch(
    /^failed in read-only: Process \d+ on \S+ \(.*\) has sessions both in a clone and in an original.*clone-connection-settings/s,
  );
});

/** Kentico's administration shows a page of its own in read-only mode; production, which is not, cannot show whether it does. */
test.each<[string, readonly string[], boolean]>([
  ['shows it', ['/health', '/admin', '/order'], false],
  ['asks to sign in there', ['/health', '/order'], true],
])(
  'the page that stands in for what cannot work read-only is asked of the copy, which %s',
  async (_, except, warns) => {
    const trial = open({ kind: { asksToSignIn: { except } } });
    const inputs = { profile: 'xperience-kentico', 'schema-version-query': 'none' };
    await trial.through(['clone', inputs]);
    const { failure, warnings } = await trial.run('read-only', inputs);
    expect(failure).toBeUndefined();
    expect(warnings.some((each) => /^GET \/admin answered 401 on the read-only copy/.test(each))).toBe(warns);
  },
);

function stranger({ world, clock }: Trial): void {
  const who = { host: 'sql', database: 'shop', user: 'zddadmin', password: PASSWORD, from: '20.50.2.9' };
  const client = { hostName: 'LAPTOP', programName: 'Azure Data Studio', hostProcessId: 7 };
  expect(login(world, { ...who, ...client }, clock.now()).kind).toBe('session');
}
