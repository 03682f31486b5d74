import type { Answer } from '../arm/answer.ts';
import { isJson, type Json, propertiesOf } from '../arm/call.ts';
import { refusePrepared } from './conflict.ts';
import { CONFIG_TYPE, idOf } from './lookup.ts';
import { changed } from './settings.ts';
import { type SlotCall, unmodelled } from './slot-call.ts';

/** `config/authsettings` (read by `POST list`) and `config/authsettingsV2` (read by GET, with or without `list`). */
export function authRequest(call: SlotCall): Answer {
  const isV2 = call.rest[1] === 'authsettingsv2';
  const isList = call.rest[2] === 'list' && call.rest.length === 3;
  if (isV2 ? call.method === 'GET' && (isList || call.rest.length === 2) : call.method === 'POST' && isList) {
    return { status: 200, body: bodyOf(call, isV2) };
  }
  if (call.method !== 'PUT' || call.rest.length !== 2) throw unmodelled(call);
  const refused = refusePrepared(call.site, call.slot);
  if (refused !== undefined) return refused;
  const given = propertiesOf(call.body);
  const platform = isJson(given.platform) ? given.platform : {};
  call.slot.auth = {
    ...call.slot.auth,
    enabled: (isV2 ? platform.enabled : given.enabled) === true,
    v2: isV2 ? given : undefined,
  };
  changed(call);
  return { status: 200, body: bodyOf(call, isV2) };
}

function bodyOf(call: SlotCall, isV2: boolean): Json {
  const enabled = call.slot.auth.enabled === true;
  const written = isJson(call.slot.auth.v2) ? call.slot.auth.v2 : {};
  const v2 = {
    platform: { enabled, runtimeVersion: '~1' },
    globalValidation: {
      requireAuthentication: enabled,
      unauthenticatedClientAction: enabled ? 'RedirectToLoginPage' : 'AllowAnonymous',
    },
    identityProviders: {},
    login: { tokenStore: { enabled: false }, preserveUrlFragmentsForLogins: false },
    httpSettings: { requireHttps: true, routes: { apiPrefix: '/.auth' }, forwardProxy: { convention: 'NoProxy' } },
    ...written,
  };
  const name = isV2 ? 'authsettingsV2' : 'authsettings';
  return {
    id: `${idOf(call.world, call.slot)}/config/${name}`,
    name,
    type: CONFIG_TYPE,
    location: call.site.location,
    properties: isV2
      ? v2
      : { enabled, unauthenticatedClientAction: null, tokenStoreEnabled: null, configVersion: 'v1' },
  };
}
