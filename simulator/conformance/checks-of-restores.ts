import { ARM, SQL } from './azure.ts';
import type { Check } from './check.ts';
import { IS_READ_ONLY, numberOf, rows, serverOf } from './database-rows.ts';
import { follow, part, said } from './follow.ts';

/** One restore of the database that an earlier check set READ_ONLY: the first begins it, the second looks at what it made. */
export const checksOfRestores: readonly Check[] = [
  {
    name: 'tags-while-restored-from',
    question: 'Is a write of tags refused by a database while it is restored from?',
    relied: 'open',
    async ask(azure, { database, location }) {
      await azure.until(
        () => azure.ask('GET', database, undefined, SQL),
        ({ body }) => Date.parse(String(part(body).earliestRestoreDate)) < azure.now() - YOUNGEST_MS,
      );
      const restorePointInTime = new Date(azure.now() - YOUNGEST_MS).toISOString();
      const properties = { createMode: 'PointInTimeRestore', sourceDatabaseId: database, restorePointInTime };
      const begun = await azure.ask('PUT', database.replace(/shop$/, 'restored'), { location, properties }, SQL);
      const tags = { operation: 'Merge', properties: { tags: { meanwhile: 'yes' } } };
      const at = `${database}/providers/Microsoft.Resources/tags/default`;
      const written = await azure.ask('PATCH', at, tags, ARM);
      const ended = await follow(azure, begun);
      return `restore ${said(begun)}, tags ${said(written)}, restore ${said(ended)}`;
    },
  },
  {
    name: 'restore-of-a-read-only-database',
    question: 'Is the restore of a READ_ONLY database READ_ONLY?',
    relied: 'open',
    async ask(azure, place) {
      const [restored] = await azure.patiently(() => rows(azure, place, 'restored', IS_READ_ONLY));
      return Number(restored?.is_read_only) === 1 ? 'yes' : 'no';
    },
  },
  {
    name: 'who-may-set-read-only',
    question: 'May a user with ALTER on the database, and with no more, set it READ_ONLY?',
    relied: 'open',
    async ask(azure, place) {
      const login = { sqlUser: 'only_alter', sqlPassword: `Aa1~${crypto.randomUUID()}` };
      await rows(azure, place, 'copied', `CREATE USER [${login.sqlUser}] WITH PASSWORD = '${login.sqlPassword}'`);
      await rows(azure, place, 'copied', `GRANT ALTER TO [${login.sqlUser}]`);
      const user = await azure.connect({ ...(await serverOf(azure, place)), login }, 'copied');
      const heard = await user.query('ALTER DATABASE [copied] SET READ_ONLY WITH NO_WAIT').then(() => 'yes', numberOf);
      await user.close().catch(() => undefined);
      return heard;
    },
  },
];

/** A point that Azure's clock has passed, too. */
const YOUNGEST_MS = 30_000;
