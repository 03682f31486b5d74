import { getSite, slotId } from '../azure/sites.ts';
import { azureNow, type Scene } from '../context/scene.ts';

/**
 * Not every front end learns at once of what a swap has changed: both builds answered visitors for 7 and for 23 s. Until then
 * whoever came to the old one would find it stopped, and no answer tells the two apart where they are the same build.
 * https://github.com/yeongseon/azure-paas-troubleshooting-labs (slot-swap-warmup)
 */
const LINGERS_MS = 25_000;

/** Returns when visitors have not come to what the slot holds for long enough: it may be stopped. */
export async function untilNobodyComes(scene: Scene, slot: string): Promise<void> {
  const { arm, app, ports, signal } = scene.context;
  const { record } = scene.observed;
  const site = await getSite(arm, slotId(app, slot));
  const moves = [site?.swapStatus?.timestampUtc, record?.windowOpenedAt, record?.windowClosedAt];
  const lastMove = Math.max(0, ...moves.map((instant) => Date.parse(instant ?? '')).filter((at) => !Number.isNaN(at)));
  const left = lastMove + LINGERS_MS - azureNow(scene).getTime();
  if (left <= 0) return;
  ports.log.info(
    `Visitors may still come to slot ${slot} for ${Math.ceil(left / 1000)} s after the swap; it runs until then.`,
  );
  await ports.clock.sleep(left, signal);
}
