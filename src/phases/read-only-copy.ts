import { buildSource } from '../deployment/build-source.ts';
import { disarmedSettings, readOnlyCopySettings } from '../deployment/instances.ts';
import type { Observed } from '../deployment/observed.ts';
import { liveBuildSlot, slotNamed } from '../deployment/slots.ts';
import type { Settings } from '../settings/settings.ts';
import type { Step } from '../steps/steps.ts';
import { besideSteps } from './kept-files.ts';
import type { Preparation } from './prepare-slot.ts';

/** What makes a slot the read-only copy: the live build on the clones, with the read-only switches on. */
export function readOnlyCopy(settings: Settings, observed: Observed, name: string): Preparation {
  return {
    name,
    slot: slotNamed(observed, name) ?? null,
    disarmed: disarmedSettings(settings, observed, 'read-only', undefined),
    final: readOnlyCopySettings(settings, observed, name),
    content: contentOfLiveBuild(settings, observed, name),
    beside: besideSteps(settings, observed, name),
    run: true,
    because: 'visitors will be sent to the same build on the copy',
  };
}

function contentOfLiveBuild(settings: Settings, observed: Observed, slot: string): Step | undefined {
  const source = buildSource(liveBuildSlot(observed)).kind;
  if (source === 'image' || source === 'package-url') return undefined;
  return {
    kind: 'copy-build',
    slot,
    because: settings.currentPackage
      ? 'current-package is the build of production'
      : 'it must be the same build as production',
  };
}
