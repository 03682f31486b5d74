import { bareName } from '../settings/database-key.ts';
import type { Settings } from '../settings/settings.ts';
import type { App, DatabasePart, Server } from './observed.ts';
import { serverOf } from './servers.ts';

/** `az webapp <command>` for the app or one of its slots. */
export function azWebApp(app: Pick<App, 'resourceGroup' | 'name'>, command: string, slot = 'production'): string {
  const which = slot.toLowerCase() === 'production' ? '' : ` --slot ${shell(slot)}`;
  return `az webapp ${command} --resource-group ${shell(app.resourceGroup)} --name ${shell(app.name)}${which}`;
}

/** `az sql db <command>` for a database of the deployment's servers. */
export function azDatabase(part: Pick<DatabasePart, 'servers'>, command: string, database: string): string {
  return `az sql db ${command} ${onServer(serverOf(part, database))} --name ${shell(bareName(database))}`;
}

/** The command that closes a firewall rule of one of the deployment's servers. */
export function azDeleteRule(part: Pick<DatabasePart, 'servers'>, rule: string): string {
  return `az sql server firewall-rule delete ${onServer(serverOf(part, rule))} --name ${shell(bareName(rule))}`;
}

/** The command that brings a deleted database back under a name, with the content of an instant. */
export function restoreDeleted(
  part: Pick<DatabasePart, 'servers'>,
  name: string,
  target: string,
  time: string,
): string {
  return `${azDatabase(part, 'restore', name)} --deleted-time ${shell('<from az sql db list-deleted>')} --time ${shell(time)} --dest-name ${shell(bareName(target))}`;
}

/** `--resource-group … --server …` */
export function onServer(server: Server): string {
  return `--resource-group ${shell(groupOf(server.id))} --server ${shell(server.name)}`;
}

/** Gives the identity of this run a role of README.md. At a resource group it covers what the app and its slots, or the server and its databases, need. */
export function assignRole({ identity }: Settings, scope: string, role: string): string {
  return `az role assignment create --assignee ${shell(identity.clientId ?? '<client id>')} --role ${shell(role)} --scope ${shell(scope)}`;
}

/** The resource group that a resource is in, as a scope. */
export function groupScope(id: string): string {
  return id.replace(/\/providers\/.*$/i, '');
}

/** The resource group in a resource id. */
export function groupOf(id: string): string {
  return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? '';
}

/** One word of a POSIX shell's command line. Placeholders such as `<key>` are quoted too, so that none is taken for a redirection. */
export function shell(word: string): string {
  return /^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
