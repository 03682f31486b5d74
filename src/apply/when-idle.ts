import { busyWith, databaseIsBusy, isBeingCopied } from '../azure/conflicts.ts';
import { azureSaid } from '../azure/failure.ts';
import { getSite, slotId } from '../azure/sites.ts';
import { MOST_REPEATS, weatherIn } from '../azure/weather.ts';
import type { Scene } from '../context/scene.ts';
import { slotNamed } from '../deployment/slots.ts';
import { Stop } from '../errors.ts';
import { waitFor } from '../wait.ts';

const BUSY_MS = 600_000;

/**
 * Sends what is the same when it is sent twice, again when no answer came or Azure has trouble of its own, and for as long as it says
 * that another operation is in progress: right after a swap it may say so although the swap has ended. Stops when that operation turns out to be a swap of somebody else,
 * after which the slot may hold something else. https://github.com/microsoft/azure-pipelines-tasks/issues/11384
 */
export async function whenIdle<T>(scene: Scene, slot: string, what: string, send: () => Promise<T>): Promise<T> {
  return whenNotBusy(scene, what, send, () => refuseSwapped(scene, slot));
}

/** The same for what nobody swaps on our account. What must not be done twice is looked at in `send` itself, before it is sent. */
export async function whenNotBusy<T>(
  scene: Scene,
  what: string,
  send: () => Promise<T>,
  beforeAgain: () => Promise<void> = async () => undefined,
): Promise<T> {
  const { ports, signal } = scene.context;
  let wasBusy = false;
  let repeats = 0;
  return waitFor<T>(ports.clock, ports.log, {
    what: `Azure to ${what}`,
    deadlineMs: BUSY_MS,
    otherwise: 'Wait until the other operation has ended, then run the phase again.',
    firstPauseMs: 5000,
    signal,
    async look() {
      if (wasBusy) await beforeAgain();
      try {
        return { done: await send() };
      } catch (error) {
        const said = azureSaid(error);
        const busy =
          busyWith(said)?.operation ?? (databaseIsBusy(said) && !isBeingCopied(said) ? said?.code : undefined);
        const weather = weatherIn(said);
        if (busy === undefined && (weather === undefined || ++repeats > MOST_REPEATS)) throw error;
        wasBusy = true;
        return { seen: busy === undefined ? String(weather) : `busy with ${busy}`, retryAfterMs: repeats * 5000 };
      }
    },
  });
}

async function refuseSwapped(scene: Scene, slot: string): Promise<void> {
  const before = slotNamed(scene.observed, slot);
  const site = await getSite(scene.context.arm, slotId(scene.context.app, slot));
  const at = site?.swapStatus?.timestampUtc ?? '';
  if (before === undefined || at === (before.swapStatus?.at ?? '')) return;
  throw new Stop(
    'failed',
    `Somebody swapped slot ${slot} (${at}) while this run waited to change it.`,
    'Nothing was changed there. Run the phase again: it looks at what the slot holds now.',
  );
}
