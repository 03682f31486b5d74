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

/** `GET logstream`: opens, greets, and says no more; what apps print lies in the simulator's data directory. */
export function streamLog({ now }: ScmCall): Answer {
  const at = new Date(now).toISOString().slice(0, 19);
  const body = `${at}  Welcome, you are now connected to log-streaming service. The default timeout is 2 hours. Change the timeout with the App Setting SCM_LOGSTREAM_TIMEOUT (in seconds). \r\n`;
  return { status: 200, headers: { 'content-type': 'text/plain' }, body, endless: true };
}
