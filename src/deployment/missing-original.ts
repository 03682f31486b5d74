import { Stop } from '../errors.ts';
import { bareName } from '../settings/database-key.ts';
import { cloneTags } from './clone-tags.ts';
import { restoreDeleted, shell } from './commands.ts';
import { sameName } from './names.ts';
import type { DatabasePart, Pair } from './observed.ts';

/** An original that is not to be found under its name: whatever connects by the name finds none, or another database. */
export function missingOriginal(part: DatabasePart): Stop | undefined {
  const { record, databases } = part;
  if (record === null || record.rollbackUnderWay?.databases === 'moving') return undefined;
  for (const pair of databases) {
    const missing = pair.original ? renamed(pair, pair.original) : gone(part, pair);
    if (missing) return missing;
  }
  return undefined;
}

/** A connection string may write the name in another case, as SQL does not mind. */
function renamed(pair: Pair, { name, id }: { readonly name: string; readonly id: string }): Stop | undefined {
  if (sameName(name, pair.name)) return undefined;
  return new Stop(
    'drifted',
    `Database ${pair.name} is now named ${name}.`,
    `Someone renamed it by hand. Give it its name back, then run the phase again: az sql db rename --new-name ${shell(bareName(pair.name))} --ids ${shell(id)}`,
  );
}

/** A database that was restored is another one, whatever its name and content: that it is the original now, only people can say. */
function gone(part: DatabasePart, pair: Pair): Stop {
  const { name, sourceId, successorId, underName, clone } = pair;
  const known = successorId ?? sourceId;
  const other = underName?.databaseId;
  const restore = `Restore it: ${restoreDeleted(part, name, name, '<a time before that>')}. Then say`;
  const field = successorId === undefined ? 'sourceId' : 'successorId';
  const tags = Object.entries(cloneTags({ [field]: other ?? '<databaseId of the restored database>' }));
  const tag = tags.map(([key, value]) => shell(`${key}=${value}`)).join(' ');
  return new Stop(
    'drifted',
    `Database ${name}${known ? ` (databaseId ${known})` : ''} is gone${other ? `, and another one (databaseId ${other}) has its name now` : ''}.`,
    `${other ? 'When somebody restored it by hand, say' : restore} that this is the original now, and run the phase again: az tag update --operation Merge --resource-id ${shell(clone?.id ?? '<id of its clone>')} --tags ${tag}`,
  );
}
