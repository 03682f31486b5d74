import { getAuthEnabled } from '../azure/site-config.ts';
import type { Scene } from '../context/scene.ts';
import { type Seen, see } from '../context/seen.ts';
import type { Check } from '../deployment/check.ts';
import { azWebApp } from '../deployment/commands.ts';
import type { AppLook, Slot } from '../deployment/observed.ts';
import { allSlots } from '../deployment/slots.ts';
import { allFine, failed, notLookedAt, warning } from './verdicts.ts';

const NAME = 'site authentication';

/** Site authentication ("Easy Auth") stays with its slot: where slots differ, a build is proven in another world than it will serve in. */
export async function checkAuthentication({ context, observed }: Scene<AppLook>): Promise<readonly Check[]> {
  const seen = await Promise.all(
    allSlots(observed).map(async (slot) => ({
      slot,
      enabled: await see(context.signal, () => getAuthEnabled(context.arm, slot.id)),
    })),
  );
  return authentication(observed, seen);
}

/** Pure: whether it is switched on, by slot, production first. */
export function authentication(
  { app }: AppLook,
  seen: readonly { readonly slot: Slot; readonly enabled: Seen<boolean | null> }[],
): readonly Check[] {
  const [production, ...slots] = seen;
  const on = production?.enabled.value;
  if (on === undefined || on === null) {
    return [notLookedAt(NAME, production?.enabled.why ?? 'The identity may not read the authentication settings.')];
  }
  const differing = slots.filter(({ enabled }) => typeof enabled.value === 'boolean' && enabled.value !== on);
  const unseen = slots.filter(({ enabled }) => typeof enabled.value !== 'boolean');
  return [
    ...allFine(NAME, on ? 'It is on in every slot that exists.' : 'It is off.', [
      ...differing.map(({ slot }) =>
        failed(
          NAME,
          `It is ${on ? 'on' : 'off'} in production and ${on ? 'off' : 'on'} in slot ${slot.name}; a swap does not carry it.`,
          `${azWebApp(app, 'auth update', slot.name)} --enabled ${on}`,
        ),
      ),
      ...unseen.map(({ slot, enabled }) =>
        notLookedAt(NAME, `${enabled.why ?? `Slot ${slot.name} does not show it.`}`),
      ),
      ...(on && slots.length < 2
        ? [
            warning(
              NAME,
              'It is on in production, and slots that the action makes come without it: their own addresses would be open.',
              'Create the slots and switch it on there before the first deployment; exclude health-path and smoke-paths from it.',
            ),
          ]
        : []),
    ]),
  ];
}
