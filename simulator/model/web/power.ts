import type { Answer } from '../arm/answer.ts';
import { end, restart, restartApp } from './instances.ts';
import { interruptDeployment } from './scm/deployment.ts';
import { type SlotCall, unmodelled } from './slot-call.ts';

/** `start`, `stop`, `restart` of an app or slot: 200 with an empty body. */
export function powerRequest(call: SlotCall): Answer {
  const { world, slot, now } = call;
  if (call.method !== 'POST' || call.rest.length !== 1) throw unmodelled(call);
  interruptDeployment(world, slot);
  slot.lastModified = now;
  if (call.rest[0] === 'stop') {
    end(world, slot, now);
    slot.state = 'Stopped';
  } else if (call.rest[0] === 'restart') restart(world, slot, now);
  else if (slot.state === 'Stopped') {
    slot.state = 'Running';
    slot.properties = { ...slot.properties, scmSiteAlsoStopped: false };
    restartApp(world, slot, now);
  }
  return { status: 200 };
}
