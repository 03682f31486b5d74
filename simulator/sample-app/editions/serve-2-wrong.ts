import { openShop } from '../shop/server.ts';
import { version2 } from './version-2.ts';

/** A build that starts, says that it is healthy, and is wrong: its list of orders fails. */
openShop({
  ...version2,
  orders: () => Promise.reject(new Error('The list of orders asks for a column that nobody made.')),
});
