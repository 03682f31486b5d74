import type { ExpectedAnswer, VersionSource } from '../settings/probes.ts';
import { meaningfulLines } from './lists.ts';
import { Wrong } from './reader.ts';
import { urlPath } from './scalars.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const FORM =
  'one METHOD PATH -> STATUS [LOCATION] a line, such as "POST /orders -> 503" or "POST /subscribe -> 302 /closed"';

/** `METHOD PATH -> STATUS [LOCATION]`, one a line. */
export function expectedAnswers(value: string): readonly ExpectedAnswer[] {
  return meaningfulLines(value).map(({ text, number }) => {
    const parts = /^(\S+)\s+(\S+)\s*->\s*(\d{3})(?:\s+(\S+))?$/.exec(text);
    const method = METHODS.find((each) => each === parts?.[1]);
    const status = Number(parts?.[3]);
    if (!parts?.[2] || method === undefined || status < 200 || status > 599) throw wrongLine(number);
    const location = parts[4];
    if (location === undefined) return { method, path: urlPath(parts[2]), status };
    if (status < 300 || status > 399)
      throw new Wrong(`a location only after a status from 300 to 399; see line ${number}`);
    if (!location.startsWith('/') && !URL.canParse(location)) throw wrongLine(number);
    return { method, path: urlPath(parts[2]), status, location };
  });
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
