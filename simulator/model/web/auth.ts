import type { Answer } from '../arm/answer.ts';
import { isJson, type Json, propertiesOf } from '../arm/call.ts';
import { refusePrepared } from './conflict.ts';
import { CONFIG_TYPE, idOf } from './lookup.ts';
import { changed } from './settings.ts';
import type { SlotCall } from './slot-call.ts';

/** `POST config/authsettings/list` */
export function showAuth(call: SlotCall): Answer {
  return { status: 200, body: bodyOf(call, false) };
}

/** `GET config/authsettingsV2`, with or without `/list` */
export function showAuthV2(call: SlotCall): Answer {
  return { status: 200, body: bodyOf(call, true) };
}

/** `PUT config/authsettings` */
export function updateAuth(call: SlotCall): Answer {
  const given = propertiesOf(call.body);
  return write(call, { enabled: given.enabled === true, v2: undefined }, false);
}

/** `PUT config/authsettingsV2` */
export function updateAuthV2(call: SlotCall): Answer {
  const given = propertiesOf(call.body);
  const platform = isJson(given.platform) ? given.platform : {};
  return write(call, { enabled: platform.enabled === true, v2: given }, true);
}

function write(call: SlotCall, auth: Json, isV2: boolean): Answer {
  refusePrepared(call.site, call.slot);
  call.slot.auth = { ...call.slot.auth, ...auth };
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
