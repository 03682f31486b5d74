import type { Check } from '../deployment/check.ts';
import { azWebApp, shell } from '../deployment/commands.ts';
import type { AppLook, DeployedApp, Slot } from '../deployment/observed.ts';
import { allSlots, isOurs } from '../deployment/slots.ts';
import type { Settings } from '../settings/settings.ts';
import { allFine, failed, listed, passed } from './verdicts.ts';

/** Pure: what would stand in the way of a swap (safety rule 5). */
export function checkSlots(observed: AppLook): readonly Check[] {
  return [...running(observed), ...obstacles(observed)];
}

/** Pure: a slot that is there already must be ours, or be given to us. */
export function ownership(settings: Settings, observed: DeployedApp): readonly Check[] {
  const name = 'slots are ours';
  const wanted = [
    { slot: observed.readonlySlot, called: settings.readonlySlot },
    { slot: observed.stagingSlot, called: settings.stagingSlot },
  ];
  const strangers = wanted.flatMap(({ slot }) =>
    slot && !isOurs(observed, slot) && !settings.adoptSlots ? [slot] : [],
  );
  const said = wanted.map(({ slot, called }) => {
    if (!slot) return `${called} will be made`;
    return `${called} ${isOurs(observed, slot) ? 'is ours' : 'will be taken over (adopt-slots)'}`;
  });
  return allFine(
    name,
    `Slot ${listed(said)}.`,
    strangers.map((slot) =>
      failed(
        name,
        `Slot ${slot.name} exists and does not belong to this action; its settings and content would be replaced.`,
        `az tag update --operation Merge --resource-id ${shell(slot.id)} --tags zdd-slot=yes`,
      ),
    ),
  );
}

function running(observed: AppLook): readonly Check[] {
  const { production, app } = observed;
  if (production.state === 'Running') return [passed('production runs', `${production.host} is Running.`)];
  const found = `Production is ${production.state}, and a swap needs both slots Running.`;
  return [failed('production runs', found, azWebApp(app, 'start'))];
}

/** Auto-swap, a pending preview, and routing rules: each would move visitors in a way that nobody watches. */
function obstacles(observed: AppLook): readonly Check[] {
  const { app, production } = observed;
  const slots = allSlots(observed);
  return [
    ...allFine(
      'auto-swap',
      'No slot swaps by itself.',
      slots.flatMap((slot) => (slot.autoSwapWith ? [autoSwap('auto-swap', observed, slot)] : [])),
    ),
    ...allFine(
      'pending swap preview',
      'No swap waits for its second half.',
      slots.flatMap((slot) =>
        slot.previewWith
          ? [
              failed(
                'pending swap preview',
                `A swap of ${slot.name} and ${slot.previewWith} waits for its second half: settings cannot be written.`,
                azWebApp(
                  app,
                  'deployment slot swap --action reset',
                  slot.name === 'production' ? slot.previewWith : slot.name,
                ),
              ),
            ]
          : [],
      ),
    ),
    ...allFine(
      'traffic routing',
      'Production has no routing rules.',
      production.routed
        ? [
            failed(
              'traffic routing',
              'Production sends a part of its visitors to a slot and pins them there by cookie for an hour: a swap would not move them.',
              azWebApp(app, 'traffic-routing clear'),
            ),
          ]
        : [],
    ),
  ];
}

/** An upload to a slot with auto-swap is a swap that nobody asked for. https://github.com/projectkudu/kudu (FetchDeploymentManager) */
export function autoSwap(check: string, { app }: AppLook, slot: Pick<Slot, 'name' | 'autoSwapWith'>): Check {
  const found = `Slot ${slot.name} swaps with ${slot.autoSwapWith} by itself after every upload.`;
  return failed(check, found, azWebApp(app, 'deployment slot auto-swap --disable', slot.name));
}
