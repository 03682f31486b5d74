import type { Answer } from '../arm/answer.ts';
import { tagsOf } from '../arm/tags.ts';
import type { SlotCall } from './slot-call.ts';

/** `…/tags/default` of an app or slot. */
export function slotTags(call: SlotCall): Answer {
  return tagsOf(call, call.slot);
}
