import { type Answered, ARM, SQL } from './azure.ts';
import type { Check } from './check.ts';
import { IS_READ_ONLY, numberOf, rows, serverOf } from './database-rows.ts';
import { part, said } from './follow.ts';

/** One restore of the database that an earlier check set READ_ONLY: the first begins it, the next two look at it. */
export const checksOfRestores: readonly Check[] = [
  {
    name: 'restore-names-its-operation',
    question: 'Does the PUT of a restore say that it makes a database, and changes none?',
    relied: '202 CreateRestoreRequest',
    async ask(azure, { database, location }) {
      await azure.until(
        () => azure.ask('GET', database, undefined, SQL),
        ({ body }) => Date.parse(String(part(body).earliestRestoreDate)) < azure.now() - YOUNGEST_MS,
      );
      const restorePointInTime = new Date(azure.now() - YOUNGEST_MS).toISOString();
      const properties = { createMode: 'PointInTimeRestore', sourceDatabaseId: database, restorePointInTime };
      const begun = await azure.ask('PUT', database.replace(/shop$/, 'restored'), { location, properties }, SQL);
      return `${said(begun)} ${begun.body.operation}`;
    },
  },
  {
    name: 'tags-while-restored-from',
    question: 'Is a write of tags refused by a database while it is restored from?',
    relied: 'open',
    async ask(azure, { database }) {
      const target = () => azure.ask('GET', database.replace(/shop$/, 'restored'), undefined, SQL);
      const before = await target();
      const tags = { operation: 'Merge', properties: { tags: { meanwhile: 'yes' } } };
      const written = await azure.ask('PATCH', `${database}/providers/Microsoft.Resources/tags/default`, tags, ARM);
      const isUnderWay = ({ body }: Answered) => !/^(Online|undefined)$/.test(String(part(body).status));
      const after = await azure.until(target, (seen) => seen.status !== 404 && !isUnderWay(seen));
      const stage = before.status === 404 || isUnderWay(before) ? 'under way' : 'over';
      return `${said(written)} while it was ${stage}; restored: ${part(after.body).status}`;
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
