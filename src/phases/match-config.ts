import { buildSource } from '../deployment/build-source.ts';
import { imageOfSlot } from '../deployment/image-of-slot.ts';
import type { Observed, Slot } from '../deployment/observed.ts';
import { liveBuildSlot } from '../deployment/slots.ts';
import { asBefore, differing } from '../deployment/web-config.ts';
import { isDone } from '../steps/done.ts';
import type { Step } from '../steps/steps.ts';

/** What a swap carries along must be in the slot before: stack, start command, path mappings, Health check, and so on. */
export function configSteps(observed: Observed, slot: Slot): Step[] {
  const { production } = observed;
  const live = liveBuildSlot(observed);
  const wanted = { ...asBefore(live.travelling, production.travelling), ...imageOfSlot(observed, slot) };
  const properties = differing(wanted, slot.travelling);
  // Azure keeps some properties at values of its own, such as '' or a default: asking once is enough, preflight shows the rest.
  if (Object.keys(properties).length === 0 || isDone(observed, 'match-config', slot.name)) return [];
  const because =
    buildSource(live).kind === 'image'
      ? 'the image is part of what a swap carries'
      : 'a swap carries it into production';
  return [{ kind: 'match-config', slot: slot.name, properties, because }];
}
