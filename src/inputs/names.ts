import { imageName } from '../deployment/image-name.ts';
import type { SqlServerName } from '../settings/azure.ts';
import { inKey } from '../settings/database-key.ts';
import {
  isAppName,
  isDatabaseName,
  isDeploymentId,
  isResourceGroupName,
  isServerName,
  isSlotName,
} from '../settings/names.ts';
import { Wrong } from './reader.ts';

/** Parsers of the names that Azure and the action give. Lengths and characters as in Microsoft's naming rules:
 * https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules */

export function resourceGroupName(value: string): string {
  if (!isResourceGroupName(value)) {
    throw new Wrong('the name of the group alone: 1 to 90 letters, digits, _ ( ) . or -, not ending in a dot');
  }
  return value;
}

export function appName(value: string): string {
  if (!isAppName(value)) {
    throw new Wrong(
      'the name of the app alone: up to 60 letters, digits or hyphens, without a slot or .azurewebsites.net',
    );
  }
  return value;
}

/** A name of an image as Docker writes it. */
export function image(value: string): string {
  if (imageName(value) === undefined) throw new Wrong('<registry>/<name>:<tag> or <registry>/<name>@sha256:<digest>');
  return value;
}

export function slotName(value: string): string {
  if (value.toLowerCase() === 'production') throw new Wrong('the name of a slot other than production');
  if (!isSlotName(value)) {
    throw new Wrong('up to 59 letters, digits or hyphens, neither first nor last a hyphen');
  }
  return value;
}

/** Ours are `<database>-zdd-<id>…`; a name of that form would be taken for one of them. */
const OURS = /-zdd-\d{8}-[a-z0-9]{5}/;
/** Azure allows 128 characters; the longest name that we make from it adds 28. */
const LONGEST_DATABASE = 100;

function databaseName(value: string): string {
  if (value.length > LONGEST_DATABASE || !isDatabaseName(value)) {
    throw new Wrong(`names of at most ${LONGEST_DATABASE} characters, none of < > * % & : \\ / ?, not ending in a dot`);
  }
  if (value.toLowerCase() === 'master') throw new Wrong('databases other than master');
  if (OURS.test(value)) throw new Wrong('original databases, not a copy that the action made');
  return value;
}

/** A database by its name, or with its server as `server/name`. */
export function databaseKey(value: string): string {
  const { server, name } = inKey(value);
  if (server !== undefined && !isServerName(server)) {
    throw new Wrong('names of databases, or <server>/<database> with the plain name of the server');
  }
  databaseName(name);
  return server === undefined ? name : `${server.toLowerCase()}/${name}`;
}

export function elasticPoolName(value: string): string {
  if (!/^[^<>*%&:\\/?\s]{1,128}$/.test(value)) throw new Wrong('the name of an elastic pool on the same server');
  return value;
}

export function serviceObjective(value: string): string {
  if (!/^[A-Za-z0-9_]{1,40}$/.test(value)) throw new Wrong('a service objective such as S3, P1 or GP_Gen5_2');
  return value;
}

export function storageAccountName(value: string): string {
  if (!/^[a-z0-9]{3,24}$/.test(value)) throw new Wrong('3 to 24 lower-case letters or digits');
  return value;
}

export function deploymentId(value: string): string {
  if (value !== 'open' && !isDeploymentId(value)) {
    throw new Wrong('an id such as 20260131-k7m2x (8 digits, a hyphen, 5 lower-case letters or digits), or open');
  }
  return value;
}

export function guid(value: string): string {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(value)) {
    throw new Wrong('a GUID such as 00000000-0000-0000-0000-000000000000');
  }
  return value;
}

const SERVER_ID = /^\/subscriptions\/([\w-]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Sql\/servers\/([^/]+)$/i;

export function sqlServer(value: string): SqlServerName {
  if (/\/managedInstances\//i.test(value)) {
    throw new Wrong('a server of Azure SQL Database; Managed Instance cannot set a database read-only');
  }
  const id = SERVER_ID.exec(value);
  if (id?.[1] && id[2] && id[3] && isResourceGroupName(id[2]) && isServerName(id[3])) {
    return { kind: 'resource-id', id: value, subscriptionId: id[1], resourceGroup: id[2], name: id[3] };
  }
  if (/^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9.-]+)?$/i.test(value)) {
    return { kind: 'name', name: value.split('.')[0] ?? value };
  }
  throw new Wrong(
    'the name of the server, its host name without tcp: and port, or its resource id /subscriptions/…/servers/NAME',
  );
}
