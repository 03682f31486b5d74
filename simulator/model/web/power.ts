import type { Answer } from '../arm/answer.ts';
import { busy } from './conflict.ts';
import { end, restart, restartApp } from './instances.ts';
import { takeOutcome } from './outcomes.ts';
import { interruptDeployment } from './scm/deployment.ts';
import type { SlotCall } from './slot-call.ts';

/** `POST start`: 200 with an empty body, as the others. */
export function start(call: SlotCall): Answer {
  const { world, slot, now } = call;
  change(call);
  if (slot.state === 'Stopped') {
    slot.state = 'Running';
    slot.properties = { ...slot.properties, scmSiteAlsoStopped: false };
    restartApp(world, slot, now);
  }
  return { status: 200 };
}

/** `POST stop` */
export function stop(call: SlotCall): Answer {
  const { world, slot, now } = call;
  change(call);
  end(world, slot, now);
  slot.state = 'Stopped';
  return { status: 200 };
}

/** `POST restart` */
export function restartSlot(call: SlotCall): Answer {
  change(call);
  restart(call.world, call.slot, call.now);
  return { status: 200 };
}

/** What all three do, or why they cannot. */
function change({ world, site, slot, now }: SlotCall): void {
  if (takeOutcome(world, 'power-409') !== undefined) throw busy(world, site, slot.name, now);
  interruptDeployment(world, slot);
  slot.lastModified = now;
}
