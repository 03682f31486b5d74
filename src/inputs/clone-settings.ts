import { connectionStringTypes } from '../settings/choices.ts';
import type { CloneSetting } from '../settings/settings.ts';
import { keyValues } from './lists.ts';
import { Wrong } from './reader.ts';

/**
 * `KEY=VALUE` lines of `clone-connection-settings` and `app-settings`. `connection-string:NAME[:TYPE]=VALUE` makes a connection string, which an app
 * of .NET Framework reads where web.config has one of that name: an app setting it does not.
 */
export function cloneSettings(value: string): readonly CloneSetting[] {
  const found = keyValues(value).map(({ name: key, value }): CloneSetting => {
    if (!PREFIX.test(key)) return { name: key, value };
    const [, name = '', type = 'SQLAzure', ...more] = key.split(':');
    const known = connectionStringTypes.find((each) => each.toLowerCase() === type.toLowerCase());
    if (name === '' || known === undefined || more.length > 0) {
      throw new Wrong(
        `connection-string:NAME or connection-string:NAME:TYPE, TYPE one of ${TYPES}; "${key}" is different`,
      );
    }
    return { name, value, type: known };
  });
  const names = found.map(({ name }) => name.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new Wrong(`each name once, with and without connection-string:; "${twice}" stands there twice`);
  return found;
}

const PREFIX = /^connection-string:/i;
const TYPES = connectionStringTypes.join(', ');
