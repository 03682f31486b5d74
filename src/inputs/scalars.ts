import { Wrong } from './reader.ts';

/** Parsers of single values. Each throws {@link Wrong} saying what is allowed. */

export function oneOf<T extends string>(allowed: readonly T[]): (value: string) => T {
  return (value) => {
    const found = allowed.find((each) => each === value);
    if (found === undefined) throw new Wrong(`one of ${allowed.join(', ')}`);
    return found;
  };
}

/** Only `true` and `false`: `yes` or `1` would be a guess about a safety switch. */
export function boolean(value: string): boolean {
  return oneOf(['true', 'false'])(value) === 'true';
}

export function wholeNumber(least: number, most: number): (value: string) => number {
  return (value) => {
    const number = Number(value);
    if (!/^\d+$/.test(value) || number < least || number > most) {
      throw new Wrong(`a whole number from ${least} to ${most}, in digits only`);
    }
    return number;
  };
}

/** Any one line of text, up to a length. */
export function line(longest: number): (value: string) => string {
  return (value) => {
    if (value.length > longest || /[\r\n]/.test(value)) throw new Wrong(`one line of at most ${longest} characters`);
    return value;
  };
}

export function anyText(value: string): string {
  return value;
}

/** A path of a URL, with its query if any. */
export function urlPath(value: string): string {
  if (!/^\/(?!\/)[^\s#]*$/.test(value)) throw new Wrong('a path that begins with one / and holds no blank and no #');
  return value;
}

/** A path that Azure can ask for, too: it encodes a query, so that `/health?full=1` becomes `/health%3Ffull=1`. */
export function pathWithoutQuery(value: string): string {
  if (!value.includes('?')) return urlPath(value);
  throw new Wrong(
    `a path without a query, because Azure asks for it before a swap and turns the "?" into "%3F"; make "${value.split('?')[0]}" answer 200 by itself, and name the query in smoke-paths`,
  );
}

/** HTTP statuses, separated by commas, blanks or line breaks. */
export function statuses(value: string): readonly number[] {
  const all = value.split(/[\s,]+/).filter((each) => each !== '');
  if (all.length === 0 || all.some((each) => !/^[1-5]\d\d$/.test(each))) {
    throw new Wrong('HTTP statuses separated by commas, such as 200,302');
  }
  return all.map(Number);
}

/** A folder below wwwroot, or beside it by its whole path, with one slash at its end. */
export function folder(value: string): string {
  const path = value.replaceAll('\\', '/');
  const parts = path.split('/').filter((part) => part !== '');
  if (parts.length === 0 || parts.some((part) => part === '.' || part === '..' || /[*?"<>|:]/.test(part))) {
    throw new Wrong(
      'folders below wwwroot such as media/, or beside it such as /home/site/scripts/, without . or .. or placeholders; or none',
    );
  }
  const joined = parts.map((part) => `${part}/`).join('');
  if (!path.startsWith('/home/')) return joined;
  if (NOT_BESIDE.test(joined)) {
    throw new Wrong(
      'of folders beside wwwroot those that are the app’s own, such as /home/site/scripts/: not those of wwwroot, deployments, logs or SCM, nor all of /home or /home/site',
    );
  }
  return `/${joined}`;
}

/** What App Service and SCM keep there, below `home/`. https://github.com/projectkudu/kudu/wiki/File-structure-on-azure */
const NOT_BESIDE =
  /^home\/($|site\/($|wwwroot\/|deployments\/|repository\/|config\/|diagnostics\/|locks\/|jobs\/|siteextensions\/)|data\/|logfiles\/|asp\.net\/|siteextensions\/|\.)/i;

const INSTANT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d{1,7})?Z$/;

/** An instant in UTC. Kept as text: its 7 decimals are more than a Date holds. */
export function instant(value: string): string {
  const parts = INSTANT.exec(value);
  const moment = parts ? new Date(`${parts[1]}T${parts[2]}Z`) : undefined;
  const exists =
    moment && !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(`${parts?.[1]}T${parts?.[2]}`);
  if (!exists) throw new Wrong('an instant in UTC such as 2026-01-31T14:05:09.1234567Z');
  return value;
}
