import type { Answer } from '../arm/answer.ts';
import { type Json, propertiesOf } from '../arm/call.ts';
import { armTypeOf, idOf } from './lookup.ts';
import { changed } from './settings.ts';
import { notFound, type SlotCall, unmodelled } from './slot-call.ts';

/** `basicPublishingCredentialsPolicies[/{scm | ftp}]`: whether publishing by password is allowed. */
export function policyRequest(call: SlotCall): Answer {
  const [, name] = call.rest;
  const body = (which: 'scm' | 'ftp'): Json => ({
    id: `${idOf(call.world, call.slot)}/basicPublishingCredentialsPolicies/${which}`,
    name: which,
    type: `${armTypeOf(call.slot)}/basicPublishingCredentialsPolicies`,
    location: call.site.location,
    properties: { allow: call.slot.publishing[which] },
  });
  if (name === undefined && call.method === 'GET') return { status: 200, body: { value: [body('ftp'), body('scm')] } };
  if ((name !== 'scm' && name !== 'ftp') || call.rest.length !== 2) throw unmodelled(call);
  if (call.method === 'PUT') call.slot.publishing[name] = propertiesOf(call.body).allow === true;
  else if (call.method !== 'GET') throw unmodelled(call);
  return { status: 200, body: body(name) };
}

/** Network integration, host names and private endpoints of a slot. */
export function networkRequest(call: SlotCall): Answer {
  const [part, name] = call.rest;
  if (part === 'networkconfig' && name === 'virtualnetwork' && call.rest.length === 2) return integration(call);
  if (call.method !== 'GET' || call.rest.length !== 1) throw unmodelled(call);
  if (part === 'hostnamebindings') return { status: 200, body: { value: [binding(call)] } };
  if (part === 'privateendpointconnections') return { status: 200, body: { value: [], nextLink: null, id: null } };
  if (part === 'virtualnetworkconnections') return { status: 200, body: [] };
  throw unmodelled(call);
}

/** `networkConfig/virtualNetwork`: the subnet that the slot sends through. */
function integration(call: SlotCall): Answer {
  const { slot } = call;
  if (call.method === 'PUT' || call.method === 'PATCH') {
    slot.properties = { ...slot.properties, virtualNetworkSubnetId: propertiesOf(call.body).subnetResourceId ?? null };
    changed(call);
  } else if (call.method === 'DELETE') {
    slot.properties = { ...slot.properties, virtualNetworkSubnetId: null };
    changed(call);
    return { status: 200 };
  } else if (call.method !== 'GET') throw unmodelled(call);
  const subnet = slot.properties.virtualNetworkSubnetId ?? null;
  if (subnet === null && call.method === 'GET') {
    return notFound(
      `${idOf(call.world, slot).split('/providers/')[1]}/networkConfig/virtualNetwork`,
      call.site.resourceGroup,
    );
  }
  return {
    status: 200,
    body: {
      id: `${idOf(call.world, slot)}/networkConfig/virtualNetwork`,
      name: 'virtualNetwork',
      type: `${armTypeOf(slot)}/networkConfig`,
      location: call.site.location,
      properties: { subnetResourceId: subnet, swiftSupported: true },
    },
  };
}

function binding(call: SlotCall): Json {
  const { host } = call.slot;
  return {
    id: `${idOf(call.world, call.slot)}/hostNameBindings/${host}`,
    name: `${call.site.name}/${host}`,
    type: `${armTypeOf(call.slot)}/hostNameBindings`,
    location: call.site.location,
    properties: { siteName: call.site.name, hostNameType: 'Verified', sslState: null, thumbprint: null },
  };
}
