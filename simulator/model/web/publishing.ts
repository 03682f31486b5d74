import type { Answer } from '../arm/answer.ts';
import { armTypeOf, idOf } from './lookup.ts';
import type { SlotCall } from './slot-call.ts';
import type { Slot } from './state.ts';

/** `POST config/publishingcredentials/list`: the user and password that SCM takes while basic authentication is on. */
export function listCredentials(call: SlotCall): Answer {
  const { world, slot } = call;
  const publishingPassword = passwordOf(slot);
  return {
    status: 200,
    body: {
      id: `${idOf(world, slot)}/publishingcredentials/${userOf(slot)}`,
      name: slot.site,
      type: `${armTypeOf(slot)}/publishingcredentials`,
      location: call.site.location,
      properties: {
        name: null,
        publishingUserName: userOf(slot),
        publishingPassword,
        publishingPasswordHash: null,
        publishingPasswordHashSalt: null,
        metadata: null,
        isDeleted: false,
        scmUri: `https://${userOf(slot)}:${publishingPassword}@${slot.scmHost}`,
      },
    },
  };
}

/** `POST publishxml`: the publishing profiles that Visual Studio and others read. */
export function publishXml(call: SlotCall): Answer {
  const { slot } = call;
  const common = {
    userPWD: passwordOf(slot),
    destinationAppUrl: `http://${slot.host}`,
    SQLServerDBConnectionString: '',
    mySQLDBConnectionString: '',
    hostingProviderForumLink: '',
    controlPanelLink: 'http://windows.azure.com',
    webSystem: 'WebSites',
  };
  const name = slot.name === 'production' ? slot.site : `${slot.site}-${slot.name}`;
  const port = slot.scmHost.includes(':') ? slot.scmHost : `${slot.scmHost}:443`;
  const ftp = 'ftps://waws-prod-am2-047.ftp.azurewebsites.windows.net/site/wwwroot';
  const deploy = { publishUrl: port, msdeploySite: name, userName: userOf(slot), ...common };
  const profiles = [
    { profileName: `${name} - Web Deploy`, publishMethod: 'MSDeploy', ...deploy },
    {
      profileName: `${name} - FTP`,
      publishMethod: 'FTP',
      publishUrl: ftp,
      ftpPassiveMode: 'True',
      userName: `${name}\\${userOf(slot)}`,
      ...common,
    },
    {
      profileName: `${name} - Zip Deploy`,
      publishMethod: 'ZipDeploy',
      publishUrl: port,
      userName: userOf(slot),
      ...common,
    },
  ];
  const body = `<publishData>${profiles.map(element).join('')}</publishData>`;
  return { status: 200, headers: { 'content-type': 'application/xml' }, body };
}

/** Whether these are the slot's user and password, and basic authentication is on. */
export function letsInByPassword(slot: Slot, authorization: string): boolean {
  const [, encoded] = /^Basic (\S+)$/i.exec(authorization) ?? [];
  if (encoded === undefined || !slot.publishing.scm) return false;
  const [user = '', ...password] = atob(encoded).split(':');
  return user.toLowerCase() === userOf(slot).toLowerCase() && password.join(':') === passwordOf(slot);
}

/** `$shop`, and `$shop__staging` for a slot. */
function userOf({ site, name }: Slot): string {
  return name === 'production' ? `$${site}` : `$${site}__${name}`;
}

/** Made of the slot's name, so that a world needs to keep no secret for it; 60 characters, as Azure's. */
function passwordOf({ site, name }: Slot): string {
  let state = 0x811c9dc5;
  for (const letter of `publish ${site}/${name}`) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  let password = '';
  while (password.length < 60) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    password += ALPHABET[(state >>> 16) % ALPHABET.length];
  }
  return password;
}

const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

function element(attributes: Readonly<Record<string, string>>): string {
  const written = Object.entries(attributes).map(([name, value]) => `${name}="${value.replaceAll('&', '&amp;')}"`);
  return `<publishProfile ${written.join(' ')}><databases /></publishProfile>`;
}
