import type { Answer } from '../arm/answer.ts';
import { type Json, propertiesOf } from '../arm/call.ts';
import { notFound } from '../arm/refusal.ts';
import { armTypeOf, idOf } from './lookup.ts';
import { changed } from './settings.ts';
import { privateEndpointsOf } from './site-body.ts';
import type { SlotCall } from './slot-call.ts';

/** `GET basicPublishingCredentialsPolicies`: whether publishing by password is allowed. */
export function listPolicies(call: SlotCall): Answer {
  return { status: 200, body: { value: [policyBody(call, 'ftp'), policyBody(call, 'scm')] } };
}

/** `GET basicPublishingCredentialsPolicies/{scm | ftp}` */
export function showPolicy(which: Door): (call: SlotCall) => Answer {
  return (call) => ({ status: 200, body: policyBody(call, which) });
}

/** `PUT basicPublishingCredentialsPolicies/{scm | ftp}` */
export function updatePolicy(which: Door): (call: SlotCall) => Answer {
  return (call) => {
    call.slot.publishing[which] = propertiesOf(call.body).allow === true;
    return { status: 200, body: policyBody(call, which) };
  };
}

/** `networkConfig/virtualNetwork`: the subnet that the slot sends through. GET, PUT, PATCH, DELETE. */
export function networkIntegration(call: SlotCall): Answer {
  const { slot } = call;
  if (call.method === 'PUT' || call.method === 'PATCH') {
    slot.properties = { ...slot.properties, virtualNetworkSubnetId: propertiesOf(call.body).subnetResourceId ?? null };
    changed(call);
  } else if (call.method === 'DELETE') {
    slot.properties = { ...slot.properties, virtualNetworkSubnetId: null };
    changed(call);
    return { status: 200 };
  }
  const subnet = slot.properties.virtualNetworkSubnetId ?? null;
  if (subnet === null && call.method === 'GET') {
    throw notFound(
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

/** `GET hostNameBindings` */
export function listBindings(call: SlotCall): Answer {
  const hosts = [...call.slot.customHosts, call.slot.host];
  return { status: 200, body: { value: hosts.map((host) => binding(call, host)) } };
}

/** `GET privateEndpointConnections` */
export function listPrivateEndpoints({ world, slot }: SlotCall): Answer {
  return { status: 200, body: { value: privateEndpointsOf(world, slot), nextLink: null, id: null } };
}

/** `GET virtualNetworkConnections`: there are none. */
export function listNetworkConnections(): Answer {
  return { status: 200, body: [] };
}

type Door = 'scm' | 'ftp';

function policyBody(call: SlotCall, which: Door): Json {
  return {
    id: `${idOf(call.world, call.slot)}/basicPublishingCredentialsPolicies/${which}`,
    name: which,
    type: `${armTypeOf(call.slot)}/basicPublishingCredentialsPolicies`,
    location: call.site.location,
    properties: { allow: call.slot.publishing[which] },
  };
}

function binding(call: SlotCall, host: string): Json {
  return {
    id: `${idOf(call.world, call.slot)}/hostNameBindings/${host}`,
    name: `${call.site.name}/${host}`,
    type: `${armTypeOf(call.slot)}/hostNameBindings`,
    location: call.site.location,
    properties: { siteName: call.site.name, hostNameType: 'Verified', sslState: null, thumbprint: null },
  };
}
