import type { Database } from '../azure/database-shapes.ts';

/**
 * Azure's list price of a single database in US dollars for a month of 31 days, without discounts; regions differ. Only what was
 * found in print is here: of a size by virtual cores nobody is told a figure.
 * A. Osama, Professional Azure SQL Managed Database Administration, 3rd edition (2021), chapter 2.
 */
const A_MONTH: Readonly<Record<string, number>> = {
  Basic: 5,
  S0: 15,
  S1: 30,
  S2: 75,
  S3: 150,
  S4: 300,
  S6: 600,
  S7: 1200,
  S9: 2400,
  S12: 4500,
  P1: 465,
  P2: 930,
  P4: 1860,
  P6: 3720,
  P11: 7001,
  P15: 16003,
};

/** The year of the prices, for whoever is told one. */
export const PRICES_OF = 2021;

/** What databases cost a day together, in dollars; undefined when the size of one has no price here. One in a pool adds nothing. */
export function dollarsADay(databases: readonly Database[]): number | undefined {
  const prices = databases
    .filter(({ elasticPoolId }) => elasticPoolId === null)
    .map(({ serviceObjective, sku }) => A_MONTH[serviceObjective || sku.name]);
  return prices.reduce<number | undefined>(
    (sum, price) => (sum === undefined || price === undefined ? undefined : sum + price / 31),
    0,
  );
}
