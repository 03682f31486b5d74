import type { Answer } from '../arm/answer.ts';
import type { ArmCall } from '../arm/call.ts';
import { configRequest } from './config.ts';
import { refuseDuringSwap } from './conflict.ts';
import { findSite, PRODUCTION } from './lookup.ts';
import { networkRequest, policyRequest } from './parts.ts';
import { plansRequest } from './plans.ts';
import { powerRequest } from './power.ts';
import { listSites, listSlots, siteRequest } from './sites.ts';
import { notFound, type SlotCall, unmodelled } from './slot-call.ts';
import { operationResult, swapRequest } from './swap-requests.ts';

/** Answers a request to Microsoft.Web. */
export function webRequest(call: ArmCall): Answer {
  const { segments } = call.path;
  const lower = segments.map((segment) => segment.toLowerCase());
  if (lower[0] === 'serverfarms') return plansRequest(call);
  if (lower[0] !== 'sites') throw unmodelled(call);
  const [, siteName] = segments;
  if (siteName === undefined) return listSites(call);
  const group = call.path.resourceGroup ?? '';
  const site = findSite(call.world, group, siteName);
  if (site === undefined) return notFound(`Microsoft.Web/sites/${siteName}`, group);
  const isSlot = lower[2] === 'slots';
  if (isSlot && segments[3] === undefined) return listSlots({ ...call, site });
  const name = isSlot ? (segments[3] ?? '') : PRODUCTION;
  const rest = lower.slice(isSlot ? 4 : 2);
  if (isWrite(call.method, rest)) {
    const refused = refuseDuringSwap(call.world, site);
    if (refused !== undefined) return refused;
  }
  if (rest.length === 0) return siteRequest({ ...call, site }, name);
  const slot = site.slots[name.toLowerCase()];
  if (slot === undefined) return notFound(`Microsoft.Web/sites/${site.name}/slots/${name}`, group);
  return partRequest({ ...call, site, slot, rest });
}

/** Everything but reads; `POST …/list` is a read of secrets. */
function isWrite(method: string, rest: readonly string[]): boolean {
  return method !== 'GET' && method !== 'HEAD' && !(method === 'POST' && rest.at(-1) === 'list');
}

function partRequest(call: SlotCall): Answer {
  switch (call.rest[0]) {
    case 'config':
      return configRequest(call);
    case 'start':
    case 'stop':
    case 'restart':
      return powerRequest(call);
    case 'slotsswap':
    case 'applyslotconfig':
    case 'resetslotconfig':
      return swapRequest(call);
    case 'operationresults':
      return operationResult(call);
    case 'basicpublishingcredentialspolicies':
      return policyRequest(call);
    case 'networkconfig':
    case 'hostnamebindings':
    case 'privateendpointconnections':
    case 'virtualnetworkconnections':
      return networkRequest(call);
  }
  throw unmodelled(call);
}
