import { openDatabase } from '../shop/database.ts';
import { startHeartbeat } from '../shop/heartbeat.ts';
import { readSettings } from '../shop/settings.ts';

/**
 * The continuous WebJob beside the shop: it counts the stock, a row every second, whether or not the app runs.
 * It obeys the same switches as the app.
 */
const settings = readSettings(process.env);
if (settings.jobs) {
  startHeartbeat(openDatabase(settings.address, 'shop stock job', 1), 'stock', settings.instance);
  console.log(`The stock job writes to ${settings.address.database}.`);
} else {
  console.log('The stock job is off.');
  // A continuous job that ends is started again; so it waits for its host to end it.
  setInterval(() => undefined, 60_000);
}
process.once('SIGTERM', () => process.exit(0));
