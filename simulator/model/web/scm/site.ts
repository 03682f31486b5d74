import type { Answer } from '../../arm/answer.ts';
import type { ScmCall } from './call.ts';

/** `GET api/settings` */
export function showSettings({ slot }: ScmCall): Answer {
  return { status: 200, body: slot.occupant.settings };
}

/** `GET api/environment` */
export function showEnvironment({ slot }: ScmCall): Answer {
  return {
    status: 200,
    body: { version: '105.0.0.0', siteLastModified: new Date(slot.lastModified).toISOString() },
  };
}
