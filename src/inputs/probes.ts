import type { ExpectedAnswer, Shown, VersionSource } from '../settings/probes.ts';
import { meaningfulLines } from './lists.ts';
import { Wrong } from './reader.ts';
import { urlPath } from './scalars.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const FORM =
  'one METHOD PATH -> STATUS [LOCATION] a line, such as "POST /orders -> 503" or "POST /subscribe -> 302 /closed", or behind the status "contains TEXT", "lacks TEXT" or "forms disabled"';

/** `METHOD PATH -> STATUS`, and behind it a location, `contains TEXT`, `lacks TEXT` or `forms disabled`, one a line. */
export function expectedAnswers(value: string): readonly ExpectedAnswer[] {
  return meaningfulLines(value).map(({ text, number }) => {
    const parts = /^(\S+)\s+(\S+)\s*->\s*(\d{3})(?:\s+(\S+)(?:\s+(\S.*))?)?$/.exec(text);
    const method = METHODS.find((each) => each === parts?.[1]);
    const status = Number(parts?.[3]);
    if (!parts?.[2] || method === undefined || status < 200 || status > 599) throw wrongLine(number);
    const [, , , , location, more] = parts;
    const expected = { method, path: urlPath(parts[2]), status };
    if (location === undefined) return expected;
    const shows = more === undefined ? undefined : shown(location, more);
    if (shows !== undefined && method === 'HEAD')
      throw new Wrong(
        `what the page must show only after a method that has a page, which HEAD has not; see line ${number}`,
      );
    if (shows !== undefined) return { ...expected, shows };
    if (more !== undefined) throw wrongLine(number);
    if (status < 300 || status > 399)
      throw new Wrong(`a location only after a status from 300 to 399; see line ${number}`);
    if (!location.startsWith('/') && !URL.canParse(location)) throw wrongLine(number);
    return { ...expected, location };
  });
}

function shown(word: string, text: string): Shown | undefined {
  if (word === 'contains') return { contains: text };
  if (word === 'lacks') return { lacks: text };
  return word === 'forms' && text === 'disabled' ? 'forms-disabled' : undefined;
}

/** `body PATH`, `header PATH NAME` or `json PATH POINTER`. */
export function versionSource(value: string): VersionSource {
  const [kind, path, detail, ...rest] = value.split(/\s+/);
  if (path !== undefined && rest.length === 0) {
    if (kind === 'body' && detail === undefined) return { kind, path: urlPath(path) };
    if (kind === 'header' && detail !== undefined) return { kind, path: urlPath(path), header: detail.toLowerCase() };
    if (kind === 'json' && detail?.startsWith('/')) return { kind, path: urlPath(path), pointer: detail };
  }
  throw new Wrong('"body PATH", "header PATH NAME" or "json PATH POINTER", such as "json /version /build/number"');
}

function wrongLine(number: number): Wrong {
  return new Wrong(`${FORM}; line ${number} is different`);
}
