import { hostname } from 'node:os';
import { type DatabaseAddress, parseConnectionString } from './connection-string.ts';

/** What the shop reads from its environment, as App Service sets it. */
export interface ShopSettings {
  readonly port: number;
  /** Where it listens: on this machine alone, unless a container's other side has to reach it. */
  readonly host: string;
  readonly address: DatabaseAddress;
  /** Orders are refused, forms are disabled and background jobs stay off. */
  readonly readOnly: boolean;
  /** Background jobs run. Off in read-only mode and with `SHOP_JOBS=off`. */
  readonly jobs: boolean;
  /** Names this process: a restart has a new one. */
  readonly instance: string;
  /** `ZDD_INSTANCE`: the deployment's mark on what it prepared; empty in a build that nobody prepared. */
  readonly marker: string;
}

/**
 * `SHOP_READ_ONLY=true` closes the shop for orders. `SHOP_FORGETFUL=true` makes a shop that does not know that switch:
 * it goes on writing, so that only the database can refuse.
 */
export function readSettings(environment: Readonly<Record<string, string | undefined>>): ShopSettings {
  const connectionString = environment.SQLAZURECONNSTR_Shop;
  if (!connectionString) throw new Error('The connection string "Shop" (SQLAZURECONNSTR_Shop) is not set.');
  const readOnly = environment.SHOP_READ_ONLY === 'true' && environment.SHOP_FORGETFUL !== 'true';
  return {
    port: Number(environment.PORT ?? 8080),
    host: environment.HOST ?? '127.0.0.1',
    address: parseConnectionString(connectionString),
    readOnly,
    jobs: !readOnly && environment.SHOP_JOBS !== 'off',
    instance: `${(environment.WEBSITE_INSTANCE_ID ?? hostname()).slice(0, 8)}-${process.pid}`,
    marker: environment.ZDD_INSTANCE ?? '',
  };
}
