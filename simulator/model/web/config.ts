import type { Answer } from '../arm/answer.ts';
import { authRequest } from './auth.ts';
import { settingsRequest } from './settings.ts';
import { type SlotCall, unmodelled } from './slot-call.ts';
import { namesRequest } from './slot-config-names.ts';
import { webConfigRequest } from './web-config.ts';

/** `config/{name}[/list]` of an app or slot. */
export function configRequest(call: SlotCall): Answer {
  switch (call.rest[1]) {
    case 'web':
      return webConfigRequest(call);
    case 'appsettings':
    case 'connectionstrings':
    case 'azurestorageaccounts':
      return settingsRequest(call);
    case 'slotconfignames':
      return namesRequest(call);
    case 'authsettings':
    case 'authsettingsv2':
      return authRequest(call);
  }
  throw unmodelled(call);
}
