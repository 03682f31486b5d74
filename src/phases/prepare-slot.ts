import { isDeepStrictEqual } from 'node:util';
import type { SlotSettings } from '../azure/slot-settings.ts';
import type { Build } from '../deployment/build.ts';
import { azWebApp } from '../deployment/commands.ts';
import { BUILD_SETTING } from '../deployment/marker.ts';
import type { AppLook, Observed, Slot } from '../deployment/observed.ts';
import { SLOT_TAG } from '../deployment/our-tags.ts';
import { isOurs } from '../deployment/slots.ts';
import type { Settings } from '../settings/settings.ts';
import { startSlot, stopSlot, writeSettings } from '../steps/constructors.ts';
import { inOrder } from '../steps/in-order.ts';
import type { Plan, Step } from '../steps/steps.ts';
import { configSteps } from './match-config.ts';
import { refuse } from './refusals.ts';
import { refuseNewIdentity } from './slot-users.ts';

export interface Preparation {
  readonly name: string;
  readonly slot: Slot | null;
  /** Without any name of an original and with WebJobs off, but with what an upload needs. */
  readonly disarmed: SlotSettings;
  readonly final: SlotSettings;
  /** Brings the build; undefined when the settings are the build. */
  readonly content: Step | undefined;
  /** Brings what the build needs beside it. */
  readonly beside?: readonly Step[];
  readonly run: boolean;
  readonly because: string;
}

/**
 * Safety rule 7: stop, disarm, bring the build, then the real settings, and start only when its turn has come.
 * The build setting is written after the upload, so its presence proves that the upload was whole.
 */
export function prepareSlot(settings: Settings, observed: Observed, wanted: Preparation): Plan {
  const { slot, name, because } = wanted;
  const create: Step = { kind: 'create-slot', slot: name, because };
  if (!slot) {
    refuseNewIdentity(observed, name);
    return inOrder([create], [stop(name)], ...bring(observed, wanted));
  }
  const ownership = ownershipSteps(settings, observed, slot);
  const config = configSteps(observed, slot);
  const running = slot.state === 'Running';
  // Its settings are final, with our marker among them: it is ours.
  if (config.length === 0 && sameSettings(slot, wanted.final)) {
    if (running === wanted.run) return [];
    return [[wanted.run ? startSlot(name, because) : stop(name)]];
  }
  refuseRouted(observed);
  return inOrder(ownership, running ? [stop(name)] : [], ...bring(observed, wanted));
}

/** Brings a file; what else a build can be is named by settings or by the configuration of the slot. */
export function uploadOf(build: Build | null, slot: string, because: string): Step | undefined {
  return build?.kind === 'package' ? { kind: 'upload-build', slot, build, because } : undefined;
}

/** Safety rules 1 and 8: a slot that visitors are routed to serves them, and nothing is written to it. */
export function refuseRouted({ app, production }: AppLook): void {
  if (!production.routed) return;
  refuse(
    'Production has traffic routing rules: a part of the visitors may be served by a slot that would be written now.',
    `Run: ${azWebApp(app, 'traffic-routing clear')}; visitors are pinned to their slot by cookie for up to an hour. Then run the phase again.`,
  );
}

/** True when the slot holds exactly these settings. */
export function sameSettings(slot: Slot, settings: SlotSettings): boolean {
  return (
    isDeepStrictEqual({ ...slot.appSettings }, { ...settings.appSettings }) &&
    isDeepStrictEqual({ ...slot.connectionStrings }, { ...settings.connectionStrings })
  );
}

function bring(observed: Observed, wanted: Preparation): Plan {
  const { slot, name, disarmed, final, content, beside = [], because } = wanted;
  const uploaded =
    content === undefined ||
    observed.thisRun.uploaded[name] !== undefined ||
    (slot?.build !== undefined &&
      slot.build === final.appSettings[BUILD_SETTING] &&
      slot.marker?.deploymentId === observed.deploymentId);
  const alreadyDisarmed = slot !== null && (uploaded || sameSettings(slot, disarmed));
  return inOrder(
    slot ? configSteps(observed, slot) : [],
    !alreadyDisarmed && writeSettings(name, disarmed, 'what is prepared must not reach an original'),
    !uploaded && content,
    beside,
    [writeSettings(name, final, because)],
    wanted.run ? [startSlot(name, because)] : [],
  );
}

function ownershipSteps(settings: Settings, observed: Observed, slot: Slot): Step[] {
  if (isOurs(observed, slot)) return [];
  if (!settings.adoptSlots) {
    refuse(
      `Slot ${slot.name} exists and does not belong to this action.`,
      'Choose another name with readonly-slot or staging-slot, or give it to the action with adopt-slots: true; its settings and content will be replaced.',
    );
  }
  return [
    { kind: 'tag-slot', slot: slot.name, tags: { [SLOT_TAG]: 'yes' }, because: 'adopt-slots says that it is ours' },
  ];
}

function stop(slot: string): Step {
  return stopSlot(slot, 'it is disarmed while it is prepared');
}
