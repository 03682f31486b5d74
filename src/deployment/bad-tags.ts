import type { Database } from '../azure/database-shapes.ts';
import { Stop } from '../errors.ts';
import { shell } from './commands.ts';
import type { BadTag } from './tag-forms.ts';

/** Why nothing is decided on what the tags of a database or slot say: somebody wrote what the action never writes (safety rule 10). */
export function badTags(
  { name, id }: Pick<Database, 'name' | 'id'>,
  bad: readonly BadTag[],
  kind: 'database' | 'slot' = 'database',
): Stop {
  const found = bad.map(({ tag, value, allowed }) =>
    value === undefined
      ? `Tag ${tag} of ${kind} ${name} is missing; it should be ${allowed}.`
      : `Tag ${tag} of ${kind} ${name} is "${value}", which is not ${allowed}.`,
  );
  const right = bad.map(({ tag, allowed }) => shell(`${tag}=<${allowed}>`)).join(' ');
  return new Stop(
    'drifted',
    found.join(' '),
    `Someone changed that by hand, and no phase can go on from it. Write what is right, then run the phase again: az tag update --operation Merge --resource-id ${shell(id)} --tags ${right}`,
  );
}
