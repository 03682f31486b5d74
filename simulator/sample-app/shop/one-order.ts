import { DUPLICATE_KEY, errorNumber } from './database.ts';

/** An order is placed once: when a row with its id is there already, an earlier try was committed. */
export async function oneOrder(insert: Promise<unknown>): Promise<void> {
  try {
    await insert;
  } catch (error) {
    if (errorNumber(error) !== DUPLICATE_KEY) throw error;
  }
}
