import type { SqlConnection } from '../../src/ports.ts';
import type { Azure } from './azure.ts';
import type { Check } from './check.ts';
import { beginSwap, STAGING } from './checks-of-sites.ts';
import { numberOf, serverOf } from './database-rows.ts';
import { follow, part, said } from './follow.ts';

/** What the safety rules of docs/design.md take for true of an app. */
export const rulesOfSites: readonly Check[] = [
  {
    name: 'settings-are-replaced',
    question: 'Does a write of app settings delete those that it does not name?',
    relied: 'only NEW',
    async ask(azure, { site }) {
      const at = `${site}/slots/${STAGING}/config/appsettings`;
      await azure.ask('PUT', at, { properties: { OLD: 'kept?', WHERE: 'here' } });
      await azure.ask('PUT', at, { properties: { NEW: 'kept', WHERE: 'here' } });
      const { body } = await azure.ask('POST', `${at}/list`);
      const names = Object.keys(part(body)).filter((name) => name === 'OLD' || name === 'NEW');
      return `${names.length === 1 ? 'only ' : ''}${names.join(' and ')}`;
    },
  },
  {
    name: 'write-during-a-swap',
    question: 'Is a write to the slot that does not serve refused while it is swapped, by an answer that says why?',
    relied: '409 Conflict SwapSiteSlots',
    async ask(azure, { site }) {
      const begun = await beginSwap(azure, site);
      const properties = { http20Enabled: false };
      const written = await azure.ask('PATCH', `${site}/slots/${STAGING}/config/web`, { properties });
      await follow(azure, begun);
      const [, operation = 'no operation'] = /OperationName: (\w+)/.exec(written.text) ?? [];
      return `${said(written)} ${operation}`;
    },
  },
  {
    name: 'swap-undoes-a-swap',
    question: 'Is what a swap brought to production back in its slot after the same swap once more?',
    relied: 'in production, then in its slot',
    async ask(azure, { site }) {
      const at = (id: string) => `${id}/config/appsettings`;
      const has = async (id: string) => {
        const { body } = await azure.ask('POST', `${at(id)}/list`);
        return 'TRAVELS' in part(body);
      };
      await azure.ask('PUT', at(`${site}/slots/${STAGING}`), { properties: { TRAVELS: 'yes' } });
      await follow(azure, await beginSwap(azure, site));
      const isThere = await has(site);
      await follow(azure, await beginSwap(azure, site));
      const isBack = !(await has(site)) && (await has(`${site}/slots/${STAGING}`));
      return `in ${isThere ? 'production' : 'another place'}, then in ${isBack ? 'its slot' : 'another place'}`;
    },
  },
];

/** The same of a database. The first asks while it is still read-write; `shop` is READ_ONLY by now. */
export const rulesOfSql: readonly Check[] = [
  {
    name: 'read-only-while-connected',
    question: 'Is READ_ONLY WITH NO_WAIT refused while somebody else is in the database?',
    relied: '5070',
    ask: (azure, place) =>
      withTwo(azure, place, 'copied', (one) =>
        one.query('ALTER DATABASE [copied] SET READ_ONLY WITH NO_WAIT').then(() => 'not refused', numberOf),
      ),
  },
  {
    name: 'app-lock-excludes',
    question: 'Does an app lock of one session keep another out until it ends?',
    relied: '0, then -1, then 0',
    ask: (azure, place) => locksIn(azure, place, 'copied'),
  },
  {
    name: 'app-lock-in-a-read-only-database',
    question: 'Does it in a READ_ONLY database, too?',
    relied: 'open',
    ask: (azure, place) => locksIn(azure, place, 'shop').catch(numberOf),
  },
];

const TAKE =
  "DECLARE @result int; EXEC @result = sp_getapplock @Resource = N'zdd:conformance', @LockMode = N'Exclusive', " +
  "@LockOwner = N'Session', @LockTimeout = 0; SELECT @result AS result";

type Place = Parameters<Check['ask']>[1];

function locksIn(azure: Azure, place: Place, database: string): Promise<string> {
  return withTwo(azure, place, database, async (one, other) => {
    const [first, second] = [await taken(one), await taken(other)];
    await one.close();
    // The end of a session is not its last answer.
    const third = await azure.until(
      () => taken(other),
      (result) => result >= 0,
    );
    return `${first}, then ${second}, then ${third}`;
  });
}

async function taken(connection: SqlConnection): Promise<number> {
  const [row] = await connection.query(TAKE);
  return Number(row?.result);
}

async function withTwo(
  azure: Azure,
  place: Place,
  database: string,
  use: (one: SqlConnection, other: SqlConnection) => Promise<string>,
): Promise<string> {
  const server = await serverOf(azure, place);
  const one = await azure.connect(server, database);
  const other = await azure.connect(server, database);
  try {
    // Azure counts a session as in the database when it has asked something there.
    await other.query('SELECT 1 AS One');
    return await use(one, other);
  } finally {
    for (const each of [one, other]) await each.close().catch(() => undefined);
  }
}
