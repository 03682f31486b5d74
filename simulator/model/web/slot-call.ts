import type { Answer } from '../arm/answer.ts';
import type { ArmCall, ArmHandler } from '../arm/call.ts';
import { notFound } from '../arm/refusal.ts';
import { refuseDuringSwap } from './conflict.ts';
import { findSite, PRODUCTION } from './lookup.ts';
import type { Site, Slot } from './state.ts';

/** A request about an app that exists. */
export interface SiteCall extends ArmCall {
  readonly site: Site;
}

/** A request about one slot that exists, production too. */
export interface SlotCall extends SiteCall {
  readonly slot: Slot;
}

/** Finds the `{site}` of a route. Nothing of an app can be written while a swap is in flight. */
export function withSite(handler: (call: SiteCall) => Answer): ArmHandler {
  return (call) => {
    const { site: name = '' } = call.names;
    const group = call.path.resourceGroup ?? '';
    const site = findSite(call.world, group, name);
    if (site === undefined) throw notFound(`Microsoft.Web/sites/${name}`, group);
    if (isWrite(call)) refuseDuringSwap(call.world, site);
    return handler({ ...call, site });
  };
}

/** Finds the `{site}` of a route, and its `{slot}`; without one it is production. */
export function withSlot(handler: (call: SlotCall) => Answer): ArmHandler {
  return withSite((call) => {
    const { slot: name = PRODUCTION } = call.names;
    const slot = call.site.slots[name.toLowerCase()];
    if (slot === undefined) {
      throw notFound(`Microsoft.Web/sites/${call.site.name}/slots/${name}`, call.path.resourceGroup ?? '');
    }
    return handler({ ...call, slot });
  });
}

/** Everything but reads; `POST …/list` is a read of secrets. */
function isWrite({ method, url }: ArmCall): boolean {
  return method !== 'GET' && !(method === 'POST' && /\/list\/?$/i.test(url.pathname));
}
