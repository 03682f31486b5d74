import type { Database } from './database.ts';

export interface Product {
  readonly id: number;
  readonly name: string;
  /** As people read it, such as `12.50 €`. */
  readonly price: string;
}

export interface Order {
  /** Chosen by the customer's browser, so that a repeated click is one order. */
  readonly id: string;
  readonly customer: string;
  readonly productId: number;
  readonly quantity: number;
}

/** What differs from one release of the shop to the next. */
export interface Edition {
  readonly version: string;
  /** The schema version that this release runs on; on any other it is not healthy. */
  readonly schema: number;
  readonly look: { readonly name: string; readonly accent: string; readonly background: string };
  products(database: Database): Promise<readonly Product[]>;
  /** The latest orders, newest first. */
  orders(database: Database): Promise<readonly Order[]>;
  /** Returns when the order is committed. */
  placeOrder(database: Database, order: Order, instance: string): Promise<void>;
}

/** The highest version in `SchemaVersion`, or 0 when the table is empty. */
export async function schemaVersion(database: Database): Promise<number> {
  const [row] = await database.query('SELECT MAX(Version) AS Version FROM SchemaVersion');
  return Number(row?.Version ?? 0);
}
