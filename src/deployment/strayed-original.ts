import { cloneTags } from './clone-tags.ts';
import { azDatabase, shell } from './commands.ts';
import type { Drift } from './drift.ts';
import type { DatabasePart, Pair, Server } from './observed.ts';

/** An original that is not to be found under its name: whatever connects by the name finds none, or another database. */
export function strayedOriginal({ record, databases, server }: DatabasePart): Drift | undefined {
  if (record === null || record.rollbackUnderWay?.databases === 'moving') return undefined;
  for (const pair of databases) {
    const strayed = pair.original ? renamed(pair, pair.original) : gone(server, pair);
    if (strayed) return strayed;
  }
  return undefined;
}

/** A connection string may write the name in another case, as SQL does not mind. */
function renamed(pair: Pair, { name, id }: { readonly name: string; readonly id: string }): Drift | undefined {
  if (name.toLowerCase() === pair.name.toLowerCase()) return undefined;
  return {
    found: `Database ${pair.name} bears the name ${name}.`,
    mend: `Someone renamed it by hand. Give it its name back, then run the phase again: az sql db rename --new-name ${shell(pair.name)} --ids ${shell(id)}`,
  };
}

/** A database that was restored is another one, whatever its name and content: that it is the original now, only people can say. */
function gone(server: Server, pair: Pair): Drift {
  const { name, sourceId, successorId, underName, clone } = pair;
  const known = successorId ?? sourceId;
  const other = underName?.databaseId;
  const restore = `Restore it: ${restoreDeleted(server, name, name, '<a time before that>')}. Then say`;
  const field = successorId === undefined ? 'sourceId' : 'successorId';
  const tags = Object.entries(cloneTags({ [field]: other ?? '<databaseId of the restored database>' }));
  const tag = tags.map(([key, value]) => shell(`${key}=${value}`)).join(' ');
  return {
    found: `Database ${name}${known ? ` (databaseId ${known})` : ''} is gone${other ? `, and another one (databaseId ${other}) bears its name` : ''}.`,
    mend: `${other ? 'When somebody restored it by hand, say' : restore} that this is the original now, and run the phase again: az tag update --operation Merge --resource-id ${shell(clone?.id ?? '<id of its clone>')} --tags ${tag}`,
  };
}

/** The command that brings a deleted database back under a name, with the content of an instant. */
export function restoreDeleted(server: Server, name: string, target: string, time: string): string {
  return `${azDatabase(server, 'restore', name)} --deleted-time ${shell('<from az sql db list-deleted>')} --time ${shell(time)} --dest-name ${shell(target)}`;
}
