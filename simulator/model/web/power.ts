import type { Answer } from '../arm/answer.ts';
import { end, restart, restartApp } from './instances.ts';
import { interruptDeployment } from './scm/deployment.ts';
import type { SlotCall } from './slot-call.ts';

/** `POST start`: 200 with an empty body, as the others. */
export function start(call: SlotCall): Answer {
  const { world, slot, now } = call;
  touched(call);
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
  touched(call);
  end(world, slot, now);
  slot.state = 'Stopped';
  return { status: 200 };
}

/** `POST restart` */
export function restartSlot(call: SlotCall): Answer {
  touched(call);
  restart(call.world, call.slot, call.now);
  return { status: 200 };
}

function touched({ world, slot, now }: SlotCall): void {
  interruptDeployment(world, slot);
  slot.lastModified = now;
}
