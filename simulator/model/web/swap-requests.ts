import { type Answer, webError } from '../arm/answer.ts';
import { isJson } from '../arm/call.ts';
import { Unmodelled } from '../world.ts';
import { prepared } from './conflict.ts';
import { newEtag } from './etag.ts';
import { restart } from './instances.ts';
import { idOf, PRODUCTION } from './lookup.ts';
import { siteBody } from './site-body.ts';
import { notFound, type SlotCall, unmodelled } from './slot-call.ts';
import type { Slot, Swap } from './state.ts';
import { kindsOf } from './sticky.ts';
import { applyTargetSettings, beginSwap } from './swap.ts';

/** `slotsswap`, `applySlotConfig` (swap with preview), `resetSlotConfig`. */
export function swapRequest(call: SlotCall): Answer {
  if (call.method !== 'POST' || call.rest.length !== 1) throw unmodelled(call);
  if (call.rest[0] === 'resetslotconfig') return reset(call);
  const target = targetOf(call);
  if ('status' in target) return target;
  return call.rest[0] === 'slotsswap' ? swap(call, target.slot) : prepare(call, target.slot);
}

/** The poll of a swap: 202 with a Location that is new each time, then 200 with the source, or 400 with the reason. */
export function operationResult(call: SlotCall): Answer {
  const swap = call.world.web.swaps[call.rest[1] ?? ''];
  if (call.method !== 'GET' || call.rest.length !== 2) throw unmodelled(call);
  if (swap === undefined || swap.site !== call.site.name.toLowerCase()) {
    return notFound(
      `${idOf(call.world, call.slot).split('/providers/')[1]}/operationresults/${call.rest[1]}`,
      call.site.resourceGroup,
    );
  }
  if (swap.stage === 'failed') return webError(400, 'BadRequest', swap.failure ?? '');
  if (swap.stage !== 'succeeded') return { status: 202, headers: { location: locationOf(call, swap) } };
  return { status: 200, headers: { etag: call.slot.etag }, body: siteBody(call.world, call.slot) };
}

function swap(call: SlotCall, target: Slot): Answer {
  const { world, site, slot, now } = call;
  const { preview } = site;
  if (
    preview !== undefined &&
    (preview.source !== slot.name.toLowerCase() || preview.target !== target.name.toLowerCase())
  ) {
    return prepared();
  }
  const begun = beginSwap(world, slot, target, now);
  target.etag = newEtag(world, now);
  return { status: 202, headers: { etag: target.etag, location: locationOf(call, begun) } };
}

function prepare(call: SlotCall, target: Slot): Answer {
  const { world, site, slot, now } = call;
  if ([slot, target].some((one) => one.auth.enabled === true)) {
    return webError(
      400,
      'BadRequest',
      'Swap with Preview cannot be used when one of the slots has site authentication enabled.',
    );
  }
  if (site.preview !== undefined) {
    return prepared();
  }
  site.preview = { source: slot.name.toLowerCase(), target: target.name.toLowerCase(), before: kindsOf(slot.occupant) };
  applyTargetSettings(world, slot, target, now);
  return { status: 200, delayMs: world.durations.settingsWrite };
}

/** Ends a pending preview wherever it was begun; with nothing pending it answers 200 too, as recorded. */
function reset(call: SlotCall): Answer {
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

function targetOf(call: SlotCall): { slot: Slot } | Answer {
  const body = isJson(call.body) ? call.body : {};
  for (const name of Object.keys(body)) {
    if (name !== 'targetSlot' && name !== 'preserveVnet') throw new Unmodelled(`${name} in the body of a swap`);
  }
  const name = String(body.targetSlot ?? '').toLowerCase();
  const slot = call.site.slots[name];
  if (slot === undefined)
    return notFound(`Microsoft.Web/sites/${call.site.name}/slots/${name || PRODUCTION}`, call.site.resourceGroup);
  if (slot === call.slot) {
    return webError(400, 'BadRequest', 'Source and destination slots cannot be the same.');
  }
  return { slot };
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
