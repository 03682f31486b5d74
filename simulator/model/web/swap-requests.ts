import type { Answer } from '../arm/answer.ts';
import { isJson } from '../arm/call.ts';
import { notFound, webRefusal } from '../arm/refusal.ts';
import { Unmodelled } from '../world.ts';
import { prepared } from './conflict.ts';
import { newEtag } from './etag.ts';
import { restart } from './instances.ts';
import { idOf, PRODUCTION } from './lookup.ts';
import { siteBody } from './site-body.ts';
import type { SlotCall } from './slot-call.ts';
import type { Slot, Swap } from './state.ts';
import { kindsOf } from './sticky.ts';
import { applyTargetSettings, beginSwap } from './swap.ts';

/** `POST slotsswap`: 202 with a Location. */
export function swapSlots(call: SlotCall): Answer {
  const { world, site, slot, now } = call;
  const { preview } = site;
  const target = targetOf(call);
  if (
    preview !== undefined &&
    (preview.source !== slot.name.toLowerCase() || preview.target !== target.name.toLowerCase())
  ) {
    throw prepared();
  }
  const begun = beginSwap(world, slot, target, now);
  target.etag = newEtag(world, now);
  return { status: 202, headers: { etag: target.etag, location: locationOf(call, begun) } };
}

/** `POST applySlotConfig`: the first stage of a swap with preview. */
export function beginPreview(call: SlotCall): Answer {
  const { world, site, slot, now } = call;
  const target = targetOf(call);
  if ([slot, target].some((one) => one.auth.enabled === true)) {
    throw webRefusal(
      400,
      'BadRequest',
      'Swap with Preview cannot be used when one of the slots has site authentication enabled.',
    );
  }
  if (site.preview !== undefined) throw prepared();
  site.preview = { source: slot.name.toLowerCase(), target: target.name.toLowerCase(), before: kindsOf(slot.occupant) };
  applyTargetSettings(world, slot, target, now);
  return { status: 200, delayMs: world.durations.settingsWrite };
}

/** `POST resetSlotConfig`: ends a pending preview wherever it was begun; with nothing pending it answers 200 too, as recorded. */
export function endPreview(call: SlotCall): Answer {
  const { world, site, now } = call;
  const { preview } = site;
  delete site.preview;
  const source = preview && site.slots[preview.source];
  if (preview !== undefined && source !== undefined) {
    Object.assign(source.occupant, kindsOf(preview.before));
    restart(world, source, now);
  }
  return { status: 200 };
}

function targetOf(call: SlotCall): Slot {
  const body = isJson(call.body) ? call.body : {};
  for (const name of Object.keys(body)) {
    if (name !== 'targetSlot' && name !== 'preserveVnet') throw new Unmodelled(`${name} in the body of a swap`);
  }
  const name = String(body.targetSlot ?? '').toLowerCase();
  const slot = call.site.slots[name];
  if (slot === undefined)
    throw notFound(`Microsoft.Web/sites/${call.site.name}/slots/${name || PRODUCTION}`, call.site.resourceGroup);
  if (slot === call.slot) {
    throw webRefusal(400, 'BadRequest', 'Source and destination slots cannot be the same.');
  }
  return slot;
}

/** `GET operationresults/{operation}`, the poll of a swap: 202 with a Location that is new each time, then 200 with the source, or 400 with the reason. */
export function pollSwap(call: SlotCall): Answer {
  const { operation: id = '' } = call.names;
  const swap = call.world.web.swaps[id];
  if (swap === undefined || swap.site !== call.site.name.toLowerCase()) {
    throw notFound(
      `${idOf(call.world, call.slot).split('/providers/')[1]}/operationresults/${id}`,
      call.site.resourceGroup,
    );
  }
  if (swap.stage === 'failed') throw webRefusal(400, 'BadRequest', swap.failure ?? '');
  if (swap.stage !== 'succeeded') return { status: 202, headers: { location: locationOf(call, swap) } };
  return { status: 200, headers: { etag: call.slot.etag }, body: siteBody(call.world, call.slot, call.now) };
}

/** Signed, and different each time; the parts `t` (100 ns since year 1), `c`, `s` and `h` as in recorded traffic. */
function locationOf(call: SlotCall, swap: Swap): string {
  const { world } = call;
  const ticks = 621_355_968_000_000_000n + BigInt(call.now) * 10_000n + BigInt(world.nextId++ % 10_000);
  const sign = (seed: string) => Buffer.from(`${seed}-${ticks}-${swap.id}`).toString('base64url');
  const source = call.site.slots[swap.source] ?? call.slot;
  const version = call.url.searchParams.get('api-version') ?? '';
  return `${call.url.origin}${idOf(world, source)}/operationresults/${swap.id}?api-version=${version}&t=${ticks}&c=${sign('certificate')}&s=${sign('signature')}&h=${sign('hash')}`;
}
