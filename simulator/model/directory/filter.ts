import { Unmodelled } from '../world.ts';
import type { GraphCall } from './call.ts';

/** What a filter may ask of, by the name that it has in Graph: the texts of an object. */
type Texts = Readonly<Record<string, readonly string[]>>;

/** Whether an object passes the `$filter` of a request: `eq`, `startswith`, and `eq` of any in a list. */
export function passes(call: GraphCall, texts: Texts): boolean {
  const filter = call.url.searchParams.get('$filter');
  if (filter === null) return true;
  const [, property = '', wanted = ''] =
    /^(\w+) eq '([^']*)'$/.exec(filter) ?? /^(\w+)\/any\(\w+:\w+ eq '([^']*)'\)$/.exec(filter) ?? [];
  const [, begun = '', start = ''] = /^startswith\((\w+), ?'([^']*)'\)$/i.exec(filter) ?? [];
  const has = texts[property || begun];
  if (has === undefined) throw new Unmodelled(call.what);
  const lower = has.map((one) => one.toLowerCase());
  return property !== ''
    ? lower.includes(wanted.toLowerCase())
    : lower.some((one) => one.startsWith(start.toLowerCase()));
}
