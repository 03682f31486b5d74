import type { App, Server } from '../deployment/observed.ts';

/** `az webapp <command>` for the app or one of its slots. */
export function azWebApp(app: App, command: string, slot = 'production'): string {
  const which = slot.toLowerCase() === 'production' ? '' : ` --slot ${shell(slot)}`;
  return `az webapp ${command} --resource-group ${shell(app.resourceGroup)} --name ${shell(app.name)}${which}`;
}

/** `az sql db <command>` for a database of the server. */
export function azDatabase(server: Server, command: string, database: string): string {
  return `az sql db ${command} ${onServer(server)} --name ${shell(database)}`;
}

/** `--resource-group … --server …` */
export function onServer(server: Server): string {
  return `--resource-group ${shell(groupOf(server.id))} --server ${shell(server.name)}`;
}

/** The resource group in a resource id. */
export function groupOf(id: string): string {
  return /\/resourceGroups\/([^/]+)/i.exec(id)?.[1] ?? '';
}

/** One word of a POSIX shell's command line. Placeholders such as `<key>` are quoted too, so that none is taken for a redirection. */
export function shell(word: string): string {
  return /^[\w@%+=:,./{}-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
